import type { Db, Prisma, Transaction } from '@/lib/db'
import { isGood } from './good-backups'
import { isPinned } from './is-pinned'
import type { KeptBackup } from './retention'
import { bucketsOf } from './retention-buckets'

const openStates = { in: ['queued', 'running'] as ('queued' | 'running')[] }

/** A kept backup with what pages say of it. */
export type ListedBackup = KeptBackup & { bytes: number }

/** The good backups of a plan with such copies, as retention counts them; what is still to be copied is said by nobody here. */
export async function readKeptBackups(
  database: Db | Transaction,
  planId: string,
  copies: Prisma.BackupWhereInput,
  timeZone: string,
  now: Date,
): Promise<ListedBackup[]> {
  const rows = await database.backup.findMany({
    where: { planId, ...isGood, ...copies },
    select: {
      id: true,
      sequence: true,
      plannedAt: true,
      requestedAt: true,
      startedAt: true,
      pinnedAt: true,
      pinnedUntil: true,
      bytes: true,
      restores: { where: { state: openStates }, select: { id: true } },
      pruneItems: { where: { prune: { state: openStates } }, select: { pruneId: true } },
    },
  })
  return rows.map((row) => {
    const at = row.plannedAt ?? row.startedAt ?? row.requestedAt
    return {
      ...{ id: row.id, sequence: row.sequence, at, buckets: bucketsOf(at, timeZone), bytes: Number(row.bytes) },
      pinned: isPinned(row, now),
      busy: row.restores.length > 0 || row.pruneItems.length > 0,
      uncopied: false,
    }
  })
}
