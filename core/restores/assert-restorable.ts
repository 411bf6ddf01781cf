import type { Backup, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * A backup that can be restored, and the remote to read it from: the one that is wanted, else the first of its plan that holds it
 * whole. Throws Problem `unknown-backup`, `not-restorable`, `being-deleted`.
 */
export async function assertRestorable(
  transaction: Transaction,
  backupId: string,
  wantedRemoteId: string | null = null,
): Promise<{ backup: Backup; remoteId: string }> {
  const backup = await transaction.backup.findUnique({
    where: { id: backupId },
    include: {
      copies: { where: { presence: 'present', ...(wantedRemoteId ? { remoteId: wantedRemoteId } : {}) } },
      plan: { include: { targets: { orderBy: { position: 'asc' } } } },
      pruneItems: {
        where: { done: false, prune: { state: { in: ['running', 'lost'] } } },
        select: { prune: { select: { remoteId: true } } },
      },
    },
  })
  if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
  if (backup.copies.length === 0 || !backup.manifestSha256 || !backup.folder)
    throw new Problem({
      code: 'not-restorable',
      text: wantedRemoteId
        ? 'This backup is not, or no longer, on that remote.'
        : 'This backup cannot be restored: it is not complete, or no longer on a remote.',
      action: wantedRemoteId ? 'Choose another remote, or another backup.' : 'Choose another backup.',
    })
  const inDeletion = backup.pruneItems.map(({ prune }) => prune.remoteId)
  const holders = backup.copies.map(({ remoteId }) => remoteId).filter((id) => !inDeletion.includes(id))
  const inOrder = backup.plan?.targets.map(({ remoteId }) => remoteId).filter((id) => holders.includes(id)) ?? []
  const remoteId = inOrder[0] ?? holders[0]
  if (remoteId) return { backup, remoteId }
  throw new Problem({ code: 'being-deleted', text: 'This backup is being deleted from the remote at this moment.' })
}
