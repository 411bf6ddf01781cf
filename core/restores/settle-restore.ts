import { releaseLock } from '@/core/locks/release-lock'
import { Prisma, type RestoreTask, type RunState, type Transaction } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'

/** Ends a task and, as each restore has one task, its restore. Runs in the caller's transaction. */
export async function settleRestore(
  transaction: Transaction,
  task: Pick<RestoreTask, 'id' | 'restoreId'>,
  ending: { state: RunState; problem: ProblemFacts | null },
  now: Date,
): Promise<void> {
  const data = { state: ending.state, problem: ending.problem ?? Prisma.DbNull, finishedAt: now }
  await transaction.restoreTask.update({ where: { id: task.id }, data: { ...data, progress: Prisma.DbNull } })
  await transaction.restore.update({ where: { id: task.restoreId }, data })
  // of a lost one nobody knows whether it still works on the instance
  if (ending.state !== 'lost') await releaseLock(transaction, { kind: 'restore', id: task.restoreId })
}
