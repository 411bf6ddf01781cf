import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { EntryReader, EntryWriter } from '@/lib/entry-store'
import { controlPlaneEnv } from '@/lib/env'
import { displayName } from '@/protocol/display-name'

/**
 * Indexes that were fetched, one file a backup in the data folder, ready to be asked. All can be fetched again: when they are
 * more than the cache may hold, those that were not looked at for longest are deleted.
 */
type Stored = { reader: EntryReader; made: string; touchedAt: number }

const suffix = '.sqlite'
const mostOpen = 8
const touchMilliseconds = 60_000
/** What a process that died has left half-written. */
const abandonedMilliseconds = 3_600_000

const shared = globalThis as typeof globalThis & { talekeeperIndexes?: Map<string, Stored> }

/** Those that are open, the last used at the end. */
function open(): Map<string, Stored> {
  shared.talekeeperIndexes ??= new Map()
  return shared.talekeeperIndexes
}

/** The index of a backup with that manifest, if it is stored. It may be closed after this turn of the event loop: use it at once. */
export function storedIndex(backupId: string, manifestSha256: string): EntryReader | null {
  const known = open().get(backupId)
  const file = fileOf(backupId)
  open().delete(backupId)
  if (known && known.made !== manifestSha256) known.reader.close()
  const stored = known?.made === manifestSha256 ? known : openStored(file, manifestSha256)
  if (!stored) return null
  if (Date.now() - stored.touchedAt > touchMilliseconds) touch(file, stored)
  open().set(backupId, stored)
  closeSurplus()
  return stored.reader
}

/** Forgets a stored index that turned out to be damaged. */
export function dropIndex(backupId: string): void {
  open().get(backupId)?.reader.close()
  open().delete(backupId)
  rmSync(fileOf(backupId), { force: true })
}

/** Stores what `fill` writes, or nothing when it throws. */
export async function storeIndex(
  backupId: string,
  manifestSha256: string,
  fill: (writer: EntryWriter) => Promise<void>,
): Promise<void> {
  const file = `${fileOf(backupId)}.half`
  const writer = new EntryWriter(file, { mostBytes: controlPlaneEnv().indexCacheBytes, labelOf: displayName })
  try {
    await fill(writer)
    writer.finish(manifestSha256)
  } catch (error) {
    writer.discard()
    throw error
  }
  dropIndex(backupId)
  renameSync(file, fileOf(backupId))
  makeRoom(backupId)
}

/** Deletes what the cache has no room for, and what was left half-written; never the index of `keptId`. */
export function makeRoom(keptId: string, now = Date.now()): void {
  const files = readdirSync(folder())
    .map((name) => ({ name, ...factsOf(join(folder(), name)) }))
    .sort((a, b) => b.usedAt - a.usedAt)
  let room = controlPlaneEnv().indexCacheBytes
  for (const { name, bytes, usedAt } of files) {
    if (!name.endsWith(suffix)) {
      if (now - usedAt > abandonedMilliseconds) rmSync(join(folder(), name), { force: true })
      continue
    }
    room -= bytes
    const backupId = name.slice(0, -suffix.length)
    if (room < 0 && backupId !== keptId) dropIndex(backupId)
  }
}

function openStored(file: string, made: string): Stored | null {
  const reader = EntryReader.open(file, made)
  return reader && { reader, made, touchedAt: 0 }
}

function touch(file: string, stored: Stored): void {
  stored.touchedAt = Date.now()
  utimesSync(file, new Date(), new Date())
}

function closeSurplus(): void {
  for (const [backupId, { reader }] of open()) {
    if (open().size <= mostOpen) return
    reader.close()
    open().delete(backupId)
  }
}

function factsOf(file: string): { bytes: number; usedAt: number } {
  const { size, mtimeMs } = statSync(file)
  return { bytes: size, usedAt: mtimeMs }
}

function folder(): string {
  const path = join(controlPlaneEnv().dataFolder, 'indexes')
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}

function fileOf(backupId: string): string {
  return join(folder(), `${backupId}${suffix}`)
}
