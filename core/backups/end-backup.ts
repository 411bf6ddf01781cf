import { releaseLock } from '@/core/locks/release-lock'
import { Prisma, type RunState, type Transaction } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'
import { keyOf } from './tasks'

type Ending = {
  state: Extract<RunState, 'succeeded' | 'warning' | 'failed' | 'cancelled' | 'lost' | 'skipped'>
  problem: ProblemFacts | null
}

/**
 * Ends a backup with the task that decides it, and frees its instance: the tasks that were still to come are skipped. Runs in
 * the caller's transaction.
 */
export async function endBackup(
  transaction: Transaction,
  task: { backupId: string; attempt: number },
  { state, problem }: Ending,
  now: Date,
): Promise<void> {
  const { backupId } = task
  await transaction.backupTask.update({
    where: keyOf(task),
    data: { state, finishedAt: now, progress: Prisma.DbNull },
  })
  // those after a lost one still have their turn when it is heard of again
  if (state !== 'lost') {
    const others = { backupId, state: 'queued' as const }
    await transaction.backupTask.updateMany({ where: others, data: { state: 'skipped', finishedAt: now } })
    await transaction.backupTask.updateMany({
      where: { backupId, state: { in: ['running', 'lost'] } },
      data: { state: 'cancelled', finishedAt: now, progress: Prisma.DbNull },
    })
  }
  await transaction.backup.update({
    where: { id: backupId },
    data: { state, problem: problem ?? Prisma.DbNull, finishedAt: now },
  })
  await releaseLock(transaction, { kind: 'backup', id: backupId })
}
