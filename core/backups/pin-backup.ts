import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * Keeps retention and people from deleting a backup, up to `until` where given. Throws Problem `unknown-backup`,
 * `being-deleted`, `pin-in-the-past`.
 */
export async function pinBackup(
  actor: Actor,
  backupId: string,
  { reason, until }: { reason: string; until: Date | null },
  now = new Date(),
): Promise<void> {
  if (until && until <= now)
    throw new Problem({ code: 'pin-in-the-past', text: 'This day is over already.', where: 'until' })
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
      data: { pinnedAt: now, pinReason: reason.trim().slice(0, 500), pinnedUntil: until },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.pin',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
      detail: { reason, until: until?.toISOString() ?? null },
    })
  })
}
