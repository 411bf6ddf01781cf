import type { Dirent } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { displayName } from '@/protocol/display-name'
import { type IndexEntry, pathOf } from '@/protocol/index-entry'
import { createEntryComparer, type EntryComparer, pathBelow } from './compare-entry'
import { isLeftOut } from './member-filter'
import { NameTable } from './name-table'

export type CompareOptions = {
  folder: string
  index: AsyncIterable<IndexEntry>
  /** raw paths as latin1 text that the extraction refused: expected to be missing */
  refused: Set<string>
  sameInstance: boolean
  signal: AbortSignal
  /** content bytes compared so far */
  progress: (doneBytes: number) => void
}

export type TreeComparison = {
  /** refused ones included */
  entriesExpected: number
  entriesIdentical: number
  bytesCompared: number
  /** the first 1000 */
  differences: { where: string; text: string }[]
  differenceCount: number
}

const namedDifferences = 1000
/** Entries compared at the same time: enough to hide the latency of a disk. */
const lanes = 4

/**
 * Compares every entry of the index with what lies below the folder: type, size, time, mode, owner, link target, hard links by
 * inode, content by XXH3-128; and finds what is there without being in the index. Memory: 16 to 46 bytes an entry.
 */
export async function compareTree(options: CompareOptions): Promise<TreeComparison> {
  const result: TreeComparison = {
    entriesExpected: 0,
    entriesIdentical: 0,
    bytesCompared: 0,
    differences: [],
    differenceCount: 0,
  }
  const note = (name: Buffer, text: string) => {
    result.differenceCount++
    if (result.differences.length < namedDifferences) result.differences.push({ where: displayName(name), text })
  }
  const expected = new NameTable()
  await compareEntries(options, expected, result, note)
  await findUnexpected(options, expected, note)
  return result
}

async function compareEntries(
  options: CompareOptions,
  expected: NameTable,
  result: TreeComparison,
  note: (name: Buffer, text: string) => void,
): Promise<void> {
  const compared = (bytes: number) => {
    result.bytesCompared += bytes
    options.progress(result.bytesCompared)
  }
  const lane = {
    folder: Buffer.from(options.folder),
    sameInstance: options.sameInstance,
    compared,
    signal: options.signal,
  }
  const idle = await Promise.all(Array.from({ length: lanes }, () => createEntryComparer(lane)))
  const running = new Set<Promise<void>>()
  let failure: { error: unknown } | null = null

  const run = async (comparer: EntryComparer, entry: IndexEntry, path: Buffer) => {
    try {
      const difference = await comparer.compare(entry)
      if (difference === null) result.entriesIdentical++
      else note(path, difference)
    } catch (error) {
      failure ??= { error }
    }
    idle.push(comparer)
  }
  const throwFailure = () => {
    if (failure) throw failure.error
  }

  for await (const entry of options.index) {
    options.signal.throwIfAborted()
    if (isLeftOut(entry, options.sameInstance)) continue
    const path = pathOf(entry)
    result.entriesExpected++
    if (options.refused.has(path.toString('latin1'))) continue
    expectName(expected, path)
    if (idle.length === 0) await Promise.race(running)
    throwFailure()
    const comparer = idle.pop()
    if (!comparer) throw new Error('no lane is idle')
    const task = run(comparer, entry, path).finally(() => running.delete(task))
    running.add(task)
  }
  await Promise.all(running)
  throwFailure()
}

/** An entry makes its parents expected as well: they need no entry of their own. */
function expectName(expected: NameTable, path: Buffer): void {
  expected.set(path, 0)
  for (let slash = path.lastIndexOf(0x2f); slash > 0; slash = path.lastIndexOf(0x2f, slash - 1)) {
    const parent = path.subarray(0, slash)
    if (expected.get(parent) !== undefined) return
    expected.set(parent, 0)
  }
}

/** Walks the disk without following links. Of an unexpected folder only the folder itself is named. */
async function findUnexpected(
  options: CompareOptions,
  expected: NameTable,
  note: (name: Buffer, text: string) => void,
): Promise<void> {
  const root = Buffer.from(options.folder)
  const folders: Buffer[] = [Buffer.alloc(0)]
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    options.signal.throwIfAborted()
    const path = folder.length === 0 ? root : pathBelow(root, folder)
    // names are bytes: with encoding `buffer` they come as such, whatever the type says
    const entries = await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
    for await (const entry of entries as AsyncIterable<Dirent>) {
      const name = entry.name as unknown as Buffer
      const below = folder.length === 0 ? name : pathBelow(folder, name)
      if (expected.get(below) === undefined) note(below, 'it is not in the index')
      else if (entry.isDirectory()) folders.push(below)
    }
  }
}
