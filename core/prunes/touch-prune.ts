import type { Transaction } from '@/lib/db'

/** Notes that a worker still has a deletion in hand. True when it must stop. Runs in the caller's transaction. */
export async function touchPrune(
  transaction: Transaction,
  worker: { id: string },
  run: { id: string; attempt: number },
  now: Date,
): Promise<boolean> {
  const prune = await transaction.prune.findUnique({ where: { id: run.id } })
  if (prune?.workerId !== worker.id || prune.attempt !== run.attempt) return true
  if (prune.state === 'running') await transaction.prune.update({ where: { id: prune.id }, data: { lastSeenAt: now } })
  return !['queued', 'running', 'lost'].includes(prune.state)
}
