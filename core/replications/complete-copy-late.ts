import type { Transaction } from '@/lib/db'
import { isCopyable } from './is-copyable'

/**
 * What was to be removed as the half of a copy has the backup's own manifest, which is written last and after a go: the worker died
 * just then. It is a copy like any other. Nothing happens when the manifest found there is another one.
 */
export async function completeCopyLate(
  transaction: Transaction,
  { backupId, remoteId, manifestSha256 }: { backupId: string; remoteId: string; manifestSha256: string },
  now: Date,
): Promise<void> {
  await transaction.copy.updateMany({
    where: { backupId, remoteId, presence: 'leftover', backup: { ...isCopyable, manifestSha256 } },
    data: { presence: 'present', verification: 'uploaded', verifiedAt: now },
  })
}
