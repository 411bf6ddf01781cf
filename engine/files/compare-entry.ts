import { type BigIntStats, close, constants, open, read } from 'node:fs'
import { lstat, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { createXXHash128 } from 'hash-wasm'
import { displayName } from '@/protocol/display-name'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import { restoredMode } from './member-filter'

const readBytes = 256 * 1024

// a FileHandle costs more than the system calls on a small file
const openFile = promisify(open)
const readFile = promisify(read)
const closeFile = promisify(close)

/** Compares one entry at a time with the disk. Each has a buffer of its own, so that several may run at once. */
export type EntryComparer = {
  /** what differs, in words; null when the entry is the same */
  compare: (entry: IndexEntry) => Promise<string | null>
}

/** `compared` is told of content bytes as they are read. */
export async function createEntryComparer(options: {
  folder: Buffer
  sameInstance: boolean
  compared: (bytes: number) => void
  signal: AbortSignal
}): Promise<EntryComparer> {
  const hasher = await createXXHash128()
  const buffer = Buffer.allocUnsafe(readBytes)

  const hashFile = async (path: Buffer, size: number): Promise<string> => {
    const file = await openFile(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      hasher.init()
      for (let bytes = 0; ; ) {
        options.signal.throwIfAborted()
        const { bytesRead } = await readFile(file, buffer, 0, readBytes, null)
        bytes += bytesRead
        hasher.update(buffer.subarray(0, bytesRead))
        options.compared(bytesRead)
        // a piece that is not full and ends where the file does is the last
        if (bytesRead === 0 || (bytesRead < readBytes && bytes === size)) return hasher.digest()
      }
    } finally {
      await closeFile(file)
    }
  }

  return {
    compare: async (entry) => {
      const path = pathBelow(options.folder, pathOf(entry))
      const stats = await statsOf(path)
      if (typeof stats === 'string') return stats
      if (entry.type === 'hardlink') return compareHardLink(options.folder, entry, stats)
      const difference = compareStats(entry, stats, options.sameInstance)
      if (difference !== null) return difference
      if (entry.type === 'symlink') return compareTarget(entry, await readlink(path, { encoding: 'buffer' }))
      if (entry.xxh128 === undefined) return null
      const hash = await hashFile(path, entry.size).catch(explainUnreadable)
      if (typeof hash !== 'string') return hash.difference
      return hash === entry.xxh128 ? null : 'its content is different'
    },
  }
}

export function pathBelow(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name])
}

async function statsOf(path: Buffer): Promise<BigIntStats | string> {
  try {
    return await lstat(path, { bigint: true })
  } catch (error) {
    return explainUnreadable(error).difference
  }
}

/** An error of the filesystem is a difference like any other; anything else is thrown on. */
function explainUnreadable(error: unknown): { difference: string } {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { difference: 'it is missing' }
  return { difference: `it cannot be read (${String(error.code)})` }
}

/** A hard link is the same file as its first name; what the file is like is compared there. */
async function compareHardLink(folder: Buffer, entry: IndexEntry, stats: BigIntStats): Promise<string | null> {
  const target = linkTargetOf(entry)
  const first = await statsOf(pathBelow(folder, target))
  if (typeof first !== 'string' && first.ino === stats.ino && first.dev === stats.dev) return null
  return `it is not the same file as ${displayName(target)}`.slice(0, 1000)
}

/** What differs but for the content, in words; null: nothing. */
export function compareStats(entry: IndexEntry, stats: BigIntStats, sameInstance: boolean): string | null {
  const type = typeOf(stats)
  if (type !== entry.type) return `it is a ${type} instead of a ${entry.type}`
  if (type === 'file' && stats.size !== BigInt(entry.size)) return `its size is ${stats.size} instead of ${entry.size}`
  if (stats.mtimeNs !== nanoseconds(entry.mtime)) return `its time differs from ${entry.mtime}`
  if (Number(stats.uid) !== entry.uid || Number(stats.gid) !== entry.gid)
    return `its owner is ${stats.uid}:${stats.gid} instead of ${entry.uid}:${entry.gid}`
  const mode = Number(stats.mode) & 0o7777
  const expected = restoredMode(entry, sameInstance)
  // Linux gives every symlink the same mode
  if (type !== 'symlink' && mode !== expected)
    return `its mode is ${mode.toString(8)} instead of ${expected.toString(8)}`
  return null
}

function compareTarget(entry: IndexEntry, target: Buffer): string | null {
  return target.equals(linkTargetOf(entry)) ? null : `it points to ${displayName(target)}`.slice(0, 1000)
}

function typeOf(stats: BigIntStats): IndexEntry['type'] | 'socket' {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'symlink'
  if (stats.isFIFO()) return 'fifo'
  if (stats.isCharacterDevice()) return 'character-device'
  return stats.isBlockDevice() ? 'block-device' : 'socket'
}

/** `-1.5` → -1500000000n */
function nanoseconds(time: string): bigint {
  const [seconds = '0', fraction = ''] = time.replace('-', '').split('.')
  const value = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
  return time.startsWith('-') ? -value : value
}
