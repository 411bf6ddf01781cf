import { takeLock } from '@/core/locks/take-lock'
import { type Backup, Prisma, type Transaction } from '@/lib/db'

/**
 * A backup believed lost that is heard of again goes on, unless something took its place meanwhile: another run holds the
 * instance, a newer backup of its plan began, or its leftovers are being removed. False when it must not go on.
 */
export async function reviveBackup(transaction: Transaction, backup: Backup, now: Date): Promise<boolean> {
  if (await isSuperseded(transaction, backup)) return false
  if (!(await takeLock(transaction, backup.instanceId, { kind: 'backup', id: backup.id }))) return false
  await transaction.backup.update({
    where: { id: backup.id },
    data: { state: 'running', problem: Prisma.DbNull, finishedAt: null, lastSeenAt: now },
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
