import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startCommand } from '@/lib/command'
import { readIndex } from '@/protocol/read-index'
import type { SendFolderSpec } from '@/protocol/specs'
import type { RunContext } from './context'
import { readArtifact } from './parts/part-reader'
import { RunScope } from './run-scope'
import { ExpectedEntries } from './sending/expected-entries'
import { FolderNames } from './sending/folder-names'
import { type OpenBackup, openBackup } from './sending/open-backup'
import { OutgoingTar } from './sending/outgoing-tar'
import { type Send, type SentAnswer, sendWhile } from './sending/send-while'
import { offsetOf, placeOf, walkMembers } from './sending/walk-members'
import { writeLinks } from './sending/write-links'

/**
 * Sends all that lies at or below a folder as `.tar.zst`, named from the folder on, fetching only the parts that hold it. Every
 * member is compared with the index; what differs breaks it off with Problem `content-differs`. Throws a Problem, or the reason
 * why sending ended.
 */
export async function sendFolder(spec: SendFolderSpec, context: RunContext, send: Send): Promise<SentAnswer> {
  const scope = new RunScope(context)
  let sent: SentAnswer = { entries: 0, leftOut: 0 }
  try {
    const opened = await openBackup(spec, context, scope)
    await sendWhile(
      scope,
      (body) => send(body, null),
      (output) =>
        compressed(output, scope.signal, async (stream) => {
          const tar = await OutgoingTar.open(stream)
          await writeFolder(spec, opened, tar)
          await tar.end()
          sent = { entries: tar.entries, leftOut: tar.leftOut }
        }),
    )
    return sent
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function compressed(output: Writable, signal: AbortSignal, write: (stream: Writable) => Promise<void>) {
  const zstd = startCommand('zstd', { arguments: ['-q', '-c', '-3'], stdin: 'pipe', signal })
  if (!zstd.stdin || !zstd.stdout) throw new Error('zstd was started without pipes')
  try {
    const piped = pipeline(zstd.stdout, output, { end: false })
    await Promise.all([write(zstd.stdin), piped])
    const { exitCode } = await zstd.finished
    if (exitCode !== 0) throw new Error(`zstd ended with exit code ${exitCode}`)
    output.end()
  } finally {
    zstd.kill('SIGKILL')
    await zstd.finished.catch(() => {})
  }
}

/** First the members between the folder's first and last, then its hard links, wherever they stand. */
async function writeFolder(spec: SendFolderSpec, opened: OpenBackup, tar: OutgoingTar): Promise<void> {
  const { artifact, index, reader } = opened
  const names = new FolderNames(Buffer.from(spec.path, 'base64'))
  const lines = () => readIndex(readArtifact(index, reader), index.name)
  const expected = new ExpectedEntries(lines(), (path) => names.isBelow(path))
  try {
    if (spec.first && spec.last) {
      const begin = offsetOf(artifact, spec.first)
      let isTaken = false
      const range = { first: spec.first, last: spec.last, lastPart: spec.last.part }
      await walkMembers(artifact, range, reader, {
        member: async (member, offset) => {
          const entry =
            offset === begin
              ? await expected.at(placeOf(artifact, offset), member.path)
              : await expected.of(member.path)
          isTaken = member.type !== 'hardlink' && names.isBelow(member.path)
          if (isTaken) await tar.member({ ...member, path: names.shorten(member.path) }, entry.xxh128)
        },
        data: (piece) => (isTaken ? tar.data(piece) : undefined),
        memberEnd: () => (isTaken ? tar.memberEnd() : undefined),
      })
    }
    await expected.finish()
  } finally {
    await expected.close()
  }
  await writeLinks(expected.links, names, opened, lines, tar)
}
