import type { Prune, Transaction } from '@/lib/db'

/** `requested`: a person deletes one by hand */
export type PruneReason = 'retention' | 'leftover' | 'requested'

/**
 * Inserts a deletion run of exact backups. `lastGood`: it may take the last good backup of a plan, as a person asked for that.
 * Runs in the caller's transaction.
 */
export function insertPrune(
  transaction: Transaction,
  place: { instanceId: string; workerId: string; remoteId: string },
  reason: PruneReason,
  backupIds: string[],
  now: Date,
  lastGood = false,
  countedUpTo = 0,
): Promise<Prune> {
  return transaction.prune.create({
    data: {
      ...place,
      requestedAt: now,
      countedUpTo,
      items: { create: backupIds.map((backupId) => ({ backupId, reason, lastGood })) },
    },
  })
}
