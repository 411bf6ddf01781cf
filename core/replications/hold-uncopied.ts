import type { ListedBackup } from '@/core/backups/read-kept-backups'
import type { Db, Transaction } from '@/lib/db'
import { listWantedCopies } from './list-wanted-copies'

/**
 * The backups of a plan, with those marked that another of its remotes is still to get a copy of: nothing is deleted before it is
 * copied, or the copying was given up.
 */
export async function holdUncopied(
  database: Db | Transaction,
  planId: string,
  backups: ListedBackup[],
  now: Date,
): Promise<ListedBackup[]> {
  const wanted = (await listWantedCopies(database, planId, now)).filter(({ isGivenUp }) => !isGivenUp)
  const uncopied = new Set(wanted.map(({ backupId }) => backupId))
  return backups.map((backup) => ({ ...backup, uncopied: uncopied.has(backup.id) }))
}
