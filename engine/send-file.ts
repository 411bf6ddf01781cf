import type { Writable } from 'node:stream'
import { createXXHash128 } from 'hash-wasm'
import type { SendFileSpec } from '@/protocol/specs'
import type { RunContext } from './context'
import { BatchedWriter } from './files/batched-writer'
import { RunScope } from './run-scope'
import { contentDiffers } from './sending/content-problem'
import { LogicalContent } from './sending/logical-content'
import { type OpenBackup, openBackup } from './sending/open-backup'
import { type Send, type SentAnswer, sendWhile } from './sending/send-while'
import { offsetOf, placeOf, walkMembers } from './sending/walk-members'

/**
 * Sends the content of one file as it is, fetching only the parts that hold it. Its last bytes leave when all of it was compared
 * with the index's hash: otherwise Problem `content-differs` breaks it off. Throws a Problem, or the reason why sending ended.
 */
export async function sendFile(spec: SendFileSpec, context: RunContext, send: Send): Promise<SentAnswer> {
  const scope = new RunScope(context)
  try {
    const opened = await openBackup(spec, context, scope)
    await sendWhile(
      scope,
      (body) => send(body, spec.size),
      (output) => writeContent(spec, opened, output),
    )
    return { entries: 1, leftOut: 0 }
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function writeContent(spec: SendFileSpec, { artifact, reader }: OpenBackup, stream: Writable): Promise<void> {
  const path = Buffer.from(spec.path, 'base64')
  const output = new BatchedWriter(stream)
  const hasher = await createXXHash128()
  hasher.init()
  let content: LogicalContent | undefined
  let held: Uint8Array | undefined
  const write = async (pieces: Iterable<Uint8Array>) => {
    for (const piece of pieces) {
      hasher.update(piece)
      if (held) await output.write(held)
      held = piece
    }
  }
  const end = placeOf(artifact, offsetOf(artifact, spec.place) + spec.size)
  const range = { first: spec.place, last: spec.place, lastPart: end.part }
  await walkMembers(artifact, range, reader, {
    member: (member) => {
      const isIt = member.type === 'file' && member.path.equals(path) && member.logicalBytes === spec.size
      if (!isIt) throw contentDiffers(path, 'another file stands where the index says that this one is')
      content = new LogicalContent(member)
      return undefined
    },
    data: (piece) => content && write(content.push(piece)),
    memberEnd: async () => {
      if (content) await write(content.end())
      if (hasher.digest() !== spec.xxh128) throw contentDiffers(path, 'its content is not what was backed up')
      if (held) await output.write(held)
    },
  })
  await output.end()
}
