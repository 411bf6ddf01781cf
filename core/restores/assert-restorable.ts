import type { Backup, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * A backup that can be restored, and the remote to read it from. Throws Problem `unknown-backup`, `not-restorable`,
 * `being-deleted`.
 */
export async function assertRestorable(
  transaction: Transaction,
  backupId: string,
): Promise<{ backup: Backup; remoteId: string }> {
  const backup = await transaction.backup.findUnique({
    where: { id: backupId },
    include: { copies: { where: { presence: 'present' } } },
  })
  if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
  const copy = backup.copies[0]
  if (!copy || !backup.manifestSha256 || !backup.folder)
    throw new Problem({
      code: 'not-restorable',
      text: 'This backup cannot be restored: it is not complete, or no longer on a remote.',
      action: 'Choose another backup.',
    })
  const deletion = await transaction.pruneItem.findFirst({
    where: { backupId, prune: { state: { in: ['running', 'lost'] } }, done: false },
  })
  if (deletion)
    throw new Problem({ code: 'being-deleted', text: 'This backup is being deleted from the remote at this moment.' })
  return { backup, remoteId: copy.remoteId }
}
