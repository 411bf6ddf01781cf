import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { SendIndexSpec } from '@/protocol/specs'
import type { RunContext } from './context'
import { readArtifact } from './parts/part-reader'
import { RunScope } from './run-scope'
import { openBackup } from './sending/open-backup'
import { type Send, type SentAnswer, sendWhile } from './sending/send-while'

/**
 * Sends the lines of an artifact's index, each part checked before its first byte leaves, compressed with gzip on the way.
 * Throws a Problem, or the reason why sending ended.
 */
export async function sendIndex(spec: SendIndexSpec, context: RunContext, send: Send): Promise<SentAnswer> {
  const scope = new RunScope(context)
  try {
    const { index, reader } = await openBackup(spec, context, scope)
    await sendWhile(
      scope,
      (body) => send(body, null),
      (output) => pipeline(Readable.from(readArtifact(index, reader)), createGzip({ level: 1 }), output),
    )
    return { entries: index.entries, leftOut: 0 }
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}
