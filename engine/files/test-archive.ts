import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ArtifactSink } from '@/engine/parts/artifact-sink'
import type { Warning } from '@/protocol/events'
import type { IndexEntry } from '@/protocol/index-entry'
import type { ConfigSource, TreeSource } from '@/protocol/sources'
import { type ArchiveFacts, archiveTrees } from './archive-trees'
import { removeTree } from './remove-tree'

/** What tests of this folder share: folders that go away by themselves, sources, and archives in memory. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'talekeeper-files-'))
  onTestFinished(() => removeTree(folder, new AbortController().signal))
  return folder
}

export function treeSource(path: string, options: Partial<TreeSource> = {}): TreeSource {
  const id = '00000000-0000-4000-8000-000000000001'
  return { kind: 'tree', id, slug: 'tree', path, exclude: [], oneFileSystem: true, mustBeMount: false, ...options }
}

export function configSource(paths: string[]): ConfigSource {
  return { kind: 'config', id: '00000000-0000-4000-8000-000000000002', slug: 'config', paths }
}

export type MemoryArchive = {
  tar: Buffer
  entries: IndexEntry[]
  facts: ArchiveFacts
  warnings: Warning[]
  log: string[]
}

/** Archives into memory. `sink` may stand in for the default one, `seen` is told of each entry. */
export async function archiveToMemory(
  sources: (TreeSource | ConfigSource)[],
  options: {
    partBytes?: number
    signal?: AbortSignal
    write?: (chunk: Uint8Array) => Promise<void> | undefined
    seen?: (entry: IndexEntry) => Promise<void> | undefined
  } = {},
): Promise<MemoryArchive> {
  const chunks: Uint8Array[] = []
  const entries: IndexEntry[] = []
  const warnings: Warning[] = []
  const log: string[] = []
  const sink: ArtifactSink = {
    partBytes: options.partBytes ?? 1024 * 1024,
    position: () => ({ part: 0, offset: 0 }),
    write: (chunk) => {
      chunks.push(chunk)
      return options.write?.(chunk)
    },
  }
  const facts = await archiveTrees({
    sources,
    sink,
    index: (entry) => {
      entries.push(entry)
      return options.seen?.(entry)
    },
    signal: options.signal ?? new AbortController().signal,
    warn: (warning) => warnings.push(warning),
    log: (_, text) => log.push(text),
    progress: () => {},
  })
  return { tar: Buffer.concat(chunks), entries, facts, warnings, log }
}

/** The bytes in chunks of a size that varies. */
export async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function* asStream<T>(values: T[]): AsyncGenerator<T> {
  yield* values
}
