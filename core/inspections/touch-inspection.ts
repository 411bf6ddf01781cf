import type { Transaction } from '@/lib/db'
import { mustYield } from './must-yield'

/** Notes that a worker still has a look in hand. True when it must stop. Runs in the caller's transaction. */
export async function touchInspection(
  transaction: Transaction,
  worker: { id: string },
  run: { id: string; attempt: number },
  now: Date,
): Promise<boolean> {
  const inspection = await transaction.inspection.findUnique({ where: { id: run.id } })
  if (inspection?.workerId !== worker.id || inspection.attempt !== run.attempt) return true
  // it is claiming the run at this moment
  if (inspection.state === 'queued') return false
  if (inspection.state !== 'running') return inspection.state !== 'lost'
  await transaction.inspection.update({ where: { id: run.id }, data: { lastSeenAt: now } })
  return mustYield(transaction, inspection)
}
