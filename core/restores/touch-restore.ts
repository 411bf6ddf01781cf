import type { Transaction } from '@/lib/db'

type Reference = { name: 'restore' | 'discard'; id: string; attempt: number }

/**
 * Notes that a worker still has a restore, or the removal of its scratch place, in hand. True when it must stop. Runs in the
 * caller's transaction.
 */
export async function touchRestore(
  transaction: Transaction,
  worker: { id: string },
  { name, id, attempt }: Reference,
  now: Date,
): Promise<boolean> {
  const where = { restoreId_workerId: { restoreId: id, workerId: worker.id } }
  const task = await transaction.restoreTask.findUnique({ where, include: { restore: true } })
  if (!task) return true
  const run =
    name === 'restore'
      ? { state: task.state, attempt: task.attempt, cancelled: task.restore.cancelRequestedAt !== null }
      : { state: task.discardState, attempt: task.discardAttempt, cancelled: false }
  if (run.attempt !== attempt || !run.state || !['queued', 'running', 'lost'].includes(run.state)) return true
  if (run.state === 'running') await transaction.restoreTask.update({ where, data: { lastSeenAt: now } })
  return run.cancelled
}
