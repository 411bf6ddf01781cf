import { Prisma, type Transaction } from '@/lib/db'

/**
 * Notes that a deletion ended without a word on some of its backups: their manifests may be gone already, so that nobody can say
 * they are there. They count as leftovers, and the clean-up finds out: what still has its manifest is a backup again, of the others
 * the rest is removed (clean-up-copies.ts). Runs in the caller's transaction.
 */
export async function doubtCopies(
  transaction: Transaction,
  { id: pruneId, remoteId }: { id: string; remoteId: string },
): Promise<void> {
  const silent = { pruneId, done: false, problem: { equals: Prisma.AnyNull }, reason: { not: 'leftover' } }
  const items = await transaction.pruneItem.findMany({ where: silent })
  await doubt(
    transaction,
    remoteId,
    items.map(({ backupId }) => backupId),
  )
}

/** The same for backups that are known to have lost their manifest there. */
export async function doubt(transaction: Transaction, remoteId: string, backupIds: string[]): Promise<void> {
  await transaction.copy.updateMany({
    where: { backupId: { in: backupIds }, remoteId, presence: { in: ['present', 'missing'] } },
    data: { presence: 'leftover', faults: Prisma.DbNull, faultsBy: null },
  })
}
