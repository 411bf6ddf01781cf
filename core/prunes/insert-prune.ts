import type { Prune, Transaction } from '@/lib/db'

export type PruneReason = 'retention' | 'leftover'

/** Inserts a deletion run of exact backups. Runs in the caller's transaction. */
export function insertPrune(
  transaction: Transaction,
  place: { instanceId: string; workerId: string; remoteId: string },
  reason: PruneReason,
  backupIds: string[],
  now: Date,
): Promise<Prune> {
  return transaction.prune.create({
    data: { ...place, requestedAt: now, items: { create: backupIds.map((backupId) => ({ backupId, reason })) } },
  })
}
