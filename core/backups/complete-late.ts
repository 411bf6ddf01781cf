import { Prisma, type Transaction } from '@/lib/db'

/**
 * A backup that ended badly, but only after its manifest, signed by us, was on the remote: the worker died or was stopped just
 * then. It is a backup like any other, and is one from now on. Nothing happens when the manifest found there is another one.
 */
export async function completeLate(
  transaction: Transaction,
  { backupId, remoteId, manifestSha256 }: { backupId: string; remoteId: string; manifestSha256: string },
  now: Date,
): Promise<void> {
  const { count } = await transaction.backup.updateMany({
    where: { id: backupId, manifestSha256, state: { in: ['failed', 'cancelled', 'lost'] } },
    data: { state: 'warning', problem: Prisma.DbNull, warningCount: { increment: 1 } },
  })
  if (count === 0) return
  await transaction.backupTask.updateMany({
    where: { backupId, state: { in: ['failed', 'cancelled', 'lost'] } },
    data: { state: 'warning' },
  })
  await transaction.copy.updateMany({
    where: { backupId, remoteId },
    data: { presence: 'present', verification: 'uploaded', verifiedAt: now },
  })
  const text =
    'The worker was interrupted after this backup was complete, and could not say so; it was found on the remote.'
  await transaction.backupWarning.create({ data: { backupId, code: 'completed-late', text } })
}
