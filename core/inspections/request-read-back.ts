import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { insertInspection } from './insert-inspection'

/**
 * Asks a worker to read every byte of a backup back from a remote. Throws Problem `unknown-backup`, `not-on-remote`, and what
 * insertInspection throws.
 */
export async function requestReadBack(
  actor: Actor,
  { backupId, remoteId }: { backupId: string; remoteId: string },
  now = new Date(),
): Promise<void> {
  const { inspection, worker } = await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({
      where: { id: backupId },
      include: { copies: { where: { remoteId, presence: { in: ['present', 'missing'] } } } },
    })
    if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
    if (backup.copies.length === 0 || !backup.folder || !backup.manifestSha256)
      throw new Problem({ code: 'not-on-remote', text: 'This backup is not complete, or no longer on that remote.' })
    const place = { instanceId: backup.instanceId, remoteId }
    const inserted = await insertInspection(transaction, actor, place, { kind: 'readBack', backupId }, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.verify',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
      detail: { remoteId },
    })
    return inserted
  })
  await enqueueRun(worker, 'inspection', { id: inspection.id, attempt: inspection.attempt })
}
