import type { Transaction } from '@/lib/db'
import { mustYield } from './must-yield'

/** Notes that a worker still has a replication in hand. True when it must stop. Runs in the caller's transaction. */
export async function touchReplication(
  transaction: Transaction,
  worker: { id: string },
  run: { id: string; attempt: number },
  now: Date,
): Promise<boolean> {
  const replication = await transaction.replication.findUnique({ where: { id: run.id } })
  if (replication?.workerId !== worker.id || replication.attempt !== run.attempt) return true
  // it is claiming the run at this moment
  if (replication.state === 'queued') return false
  if (replication.state !== 'running') return replication.state !== 'lost'
  await transaction.replication.update({ where: { id: run.id }, data: { lastSeenAt: now } })
  return mustYield(transaction, replication)
}
