import { takeLock } from '@/core/locks/take-lock'
import { type Backup, Prisma, type Transaction } from '@/lib/db'
import { keyOf, type TaskOfBackup } from './tasks'

/**
 * A backup believed lost goes on when its worker is heard of again, unless something took its place meanwhile: another run holds
 * the instance, a newer backup of its plan began, or its leftovers are being removed. False when it must not go on.
 */
export async function reviveTask(transaction: Transaction, task: TaskOfBackup, now: Date): Promise<boolean> {
  const { backup } = task
  if (await isSuperseded(transaction, backup)) return false
  if (!(await takeLock(transaction, backup.instanceId, { kind: 'backup', id: backup.id }))) return false
  await transaction.backupTask.update({
    where: keyOf(task),
    data: { state: 'running', finishedAt: null, lastSeenAt: now },
  })
  await transaction.backup.update({
    where: { id: backup.id },
    data: { state: 'running', problem: Prisma.DbNull, finishedAt: null },
  })
  return true
}

export async function isSuperseded(transaction: Transaction, backup: Backup): Promise<boolean> {
  const cleanUp = await transaction.pruneItem.findFirst({ where: { backupId: backup.id } })
  const newer = await transaction.backup.findFirst({
    where: {
      planId: backup.planId,
      sequence: { gt: backup.sequence },
      state: { in: ['running', 'succeeded', 'warning'] },
    },
  })
  const lock = await transaction.lock.findUnique({ where: { instanceId: backup.instanceId } })
  return cleanUp !== null || newer !== null || (lock !== null && lock.ownerId !== backup.id)
}
