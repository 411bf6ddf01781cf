import type { Db, Replication, Transaction } from '@/lib/db'

/** True when a replication must stop: a person wants it to, or something else waits for its worker. */
export async function mustYield(
  transaction: Transaction,
  { cancelRequestedAt, workerId }: Pick<Replication, 'cancelRequestedAt' | 'workerId'>,
): Promise<boolean> {
  return cancelRequestedAt !== null || (await othersWait(transaction, workerId))
}

/** Copying is what a worker does when there is nothing else to do: true when a run of any other kind waits for it. */
export async function othersWait(database: Db | Transaction, workerId: string): Promise<boolean> {
  const queued = { workerId, state: 'queued' as const }
  const open = { in: ['queued', 'running'] as ('queued' | 'running')[] }
  return (
    (await database.backupTask.findFirst({ where: { ...queued, backup: { state: open } } })) !== null ||
    (await database.restoreTask.findFirst({
      where: { workerId, OR: [{ state: 'queued' }, { discardState: 'queued' }] },
    })) !== null ||
    (await database.prune.findFirst({ where: queued })) !== null ||
    (await database.inspection.findFirst({ where: queued })) !== null
  )
}
