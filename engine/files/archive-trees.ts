import type { ArtifactSink } from '@/engine/parts/artifact-sink'
import { startCommand } from '@/lib/command'
import { tarCreateArguments } from '@/lib/tar'
import { displayName } from '@/protocol/display-name'
import type { Warning } from '@/protocol/events'
import type { IndexEntry } from '@/protocol/index-entry'
import type { TreeFacts } from '@/protocol/manifest'
import { createArchiveIndex } from './archive-index'
import { type FileSource, planArchive } from './archive-plan'
import { readMountPoints } from './mount-points'
import type { TarMember } from './tar-member'
import { TarMessages } from './tar-messages'
import { explainMissingTar } from './tar-missing'
import { TarReader } from './tar-reader'
import { TreeCounts } from './tree-counts'

export type ArchiveOptions = {
  sources: FileSource[]
  sink: ArtifactSink
  /** takes the index entries in tar order; a promise holds tar back */
  index: (entry: IndexEntry) => Promise<void> | undefined
  signal: AbortSignal
  /** called for the first 1000 warnings */
  warn: (warning: Warning) => void
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
  /** raw bytes so far */
  progress: (doneBytes: number) => void
}

export type ArchiveFacts = {
  trees: TreeFacts[]
  entries: number
  /** files that changed, vanished or became shorter while they were read */
  changedFiles: number
  /** all warnings, also those beyond the first 1000 */
  warningCount: number
  /** null: the parts' own hashes cover the stream, and hashing it once more would cost as much as archiving it */
  rawSha256: string | null
}

/**
 * Archives all sources as one GNU tar into the sink, so that hard links across them survive, and reads it along: each member
 * becomes an index entry. Throws Problem `tar-failed`, `archive-damaged`, `sources-overlap`, …, or the signal's reason.
 */
export async function archiveTrees(options: ArchiveOptions): Promise<ArchiveFacts> {
  const plan = planArchive(options.sources, await readMountPoints())
  const counts = new TreeCounts(options.sources)
  const messages = new TarMessages(options.warn, (name) => counts.sourceOf(name))
  let entries = 0
  const reader = new TarReader(
    await createArchiveIndex({
      partBytes: options.sink.partBytes,
      index: options.index,
      counted: (member, isHashed) => {
        entries++
        counts.count(member)
        warnOfMember(member, isHashed, messages)
      },
    }),
  )
  await runTar(tarCreateArguments(plan), reader, messages, options)
  const { changedFiles, warningCount } = messages
  return { trees: counts.facts, entries, changedFiles, warningCount, rawSha256: null }
}

async function runTar(
  tarArguments: string[],
  reader: TarReader,
  messages: TarMessages,
  options: ArchiveOptions,
): Promise<void> {
  const tar = startCommand('tar', {
    arguments: tarArguments,
    signal: options.signal,
    onStderrLine: (line) => messages.take(line),
  })
  try {
    let doneBytes = 0
    for await (const chunk of (tar.stdout ?? []) as AsyncIterable<Buffer>) {
      const written = options.sink.write(chunk)
      const read = reader.push(chunk)
      if (written || read) await Promise.all([written, read])
      doneBytes += chunk.length
      options.progress(doneBytes)
    }
    const { exitCode, endedBy } = await tar.finished
    messages.finish(exitCode, endedBy, options.log)
    reader.finish()
  } catch (error) {
    tar.kill('SIGKILL')
    await tar.finished.catch(() => {})
    throw explainMissingTar(error)
  }
}

function warnOfMember(member: TarMember, isHashed: boolean, messages: TarMessages): void {
  const warn = (code: string, text: string) => messages.add({ code, text, where: displayName(member.path) })
  if (member.isOversized) warn('attributes-too-large', 'Its attributes are too large to be restored.')
  if (!isHashed) warn('content-not-hashed', 'Its holes are too large for its content to be compared.')
}
