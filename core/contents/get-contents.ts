import { db } from '@/lib/db'
import type { EntryReader } from '@/lib/entry-store'
import { log } from '@/lib/log'
import { Problem } from '@/protocol/problem'
import { indexFetchOf, type IndexFetch } from './fetch-index'
import { dropIndex, storedIndex } from './stored-indexes'

/**
 * Asks the stored index of a backup. Null: it is not stored, or turned out to be damaged and must be fetched again.
 * Throws Problem `not-found` where there is no such backup.
 */
export async function withIndex<T>(backupId: string, ask: (reader: EntryReader) => T): Promise<T | null> {
  const backup = await db().backup.findUnique({ where: { id: backupId }, select: { manifestSha256: true } })
  if (!backup)
    throw new Problem({ code: 'not-found', text: 'There is no such backup.', action: 'Go back to the list.' })
  if (!backup.manifestSha256) return null
  const reader = storedIndex(backupId, backup.manifestSha256)
  if (!reader) return null
  try {
    return ask(reader)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(String(error.code))))
      throw error
    log.warn({ backupId, reason: error.message }, 'a stored index is damaged; it is fetched again')
    dropIndex(backupId)
    return null
  }
}

export type IndexProgress = IndexFetch & { stored: boolean }

/** How far an index is on its way here. Throws Problem `not-found`. */
export async function getIndexProgress(backupId: string): Promise<IndexProgress> {
  const stored = (await withIndex(backupId, () => true)) ?? false
  return { stored, ...(indexFetchOf(backupId) ?? { entries: 0, expected: 0, problem: null }) }
}
