import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Keeps retention from deleting a backup. Throws Problem `unknown-backup`, `being-deleted`. */
export async function pinBackup(actor: Actor, backupId: string, reason: string, now = new Date()): Promise<void> {
  await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: backupId } })
    if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
    const deletion = await transaction.pruneItem.findFirst({
      where: { backupId, done: false, prune: { state: { in: ['running', 'lost'] } } },
    })
    if (deletion)
      throw new Problem({ code: 'being-deleted', text: 'This backup is being deleted from the remote at this moment.' })
    await transaction.backup.update({
      where: { id: backupId },
      data: { pinnedAt: now, pinReason: reason.trim().slice(0, 500) },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.pin',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
      detail: { reason },
    })
  })
}
