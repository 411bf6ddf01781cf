import { listWantedCopies } from '@/core/replications/list-wanted-copies'
import type { Db, Transaction } from '@/lib/db'
import { type ListedBackup, readKeptBackups } from './read-kept-backups'

/**
 * The good backups of a plan that lie on a remote, as retention counts them. One that another remote of the plan is still to get a
 * copy of is kept until then, or until the copying was given up.
 */
export async function listKeptBackups(
  database: Db | Transaction,
  planId: string,
  remoteId: string,
  timeZone: string,
  now: Date,
): Promise<ListedBackup[]> {
  const present = { copies: { some: { remoteId, presence: 'present' } } } as const
  const backups = await readKeptBackups(database, planId, present, timeZone, now)
  const wanted = await listWantedCopies(database, planId, now)
  const uncopied = new Set(wanted.filter((copy) => !copy.isGivenUp).map(({ backupId }) => backupId))
  return backups.map((backup) => ({ ...backup, uncopied: uncopied.has(backup.id) }))
}
