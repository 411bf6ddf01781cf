import type { Inspection, Transaction } from '@/lib/db'

/** True when a look must stop: a person wants it to, or it came by schedule and a backup waits for the same worker. */
export async function mustYield(
  transaction: Transaction,
  { cancelRequestedAt, requestedById, workerId }: Inspection,
): Promise<boolean> {
  if (cancelRequestedAt) return true
  if (requestedById) return false
  const waiting = await transaction.backupTask.findFirst({
    where: { workerId, state: 'queued', backup: { state: { in: ['queued', 'running'] } } },
  })
  return waiting !== null
}
