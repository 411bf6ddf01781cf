import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Lets retention delete a backup again when its days are over. Throws Problem `unknown-backup`. */
export async function unpinBackup(actor: Actor, backupId: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: backupId } })
    if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
    await transaction.backup.update({
      where: { id: backupId },
      data: { pinnedAt: null, pinReason: null, pinnedUntil: null },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.unpin',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
    })
  })
}
