import type { Db, Transaction } from '@/lib/db'
import { type ListedBackup, readKeptBackups } from './read-kept-backups'

/** The good backups of a plan that lie on a remote, as retention counts them. */
export function listKeptBackups(
  database: Db | Transaction,
  planId: string,
  remoteId: string,
  timeZone: string,
  now: Date,
): Promise<ListedBackup[]> {
  return readKeptBackups(database, planId, { copies: { some: { remoteId, presence: 'present' } } }, timeZone, now)
}
