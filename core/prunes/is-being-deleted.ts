import type { Transaction } from '@/lib/db'

const dayMilliseconds = 86_400_000

/** Whether a worker has the deletion of a backup from one of these remotes in hand; one that is believed lost may, for a day. */
export async function isBeingDeleted(
  transaction: Transaction,
  backupId: string,
  remoteIds: string[],
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - dayMilliseconds)
  const item = await transaction.pruneItem.findFirst({
    where: {
      ...{ backupId, done: false },
      prune: {
        remoteId: { in: remoteIds },
        OR: [{ state: 'running' }, { state: 'lost', worker: { state: 'active' }, finishedAt: { gt: since } }],
      },
    },
  })
  return item !== null
}
