import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { insertReplication } from './insert-replication'

/**
 * Asks for a backup to be copied to a further remote of its plan, however often that failed before. Throws Problem `no-target`,
 * and what insertReplication throws.
 */
export async function requestReplication(
  actor: Actor,
  { backupId, remoteId }: { backupId: string; remoteId: string },
  now = new Date(),
): Promise<void> {
  const { replication, worker } = await db().$transaction(async (transaction) => {
    const target = await transaction.planTarget.findFirst({
      where: { remoteId, plan: { backups: { some: { id: backupId } } } },
    })
    // without a plan that names the remote no retention would ever delete the copy
    if (!target)
      throw new Problem({
        code: 'no-target',
        text: 'The plan of this backup does not use that remote.',
        action: 'Add the remote to the plan first.',
      })
    const inserted = await insertReplication(transaction, actor, { backupId, toRemoteId: remoteId }, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.copy',
      subject: { kind: 'backup', id: backupId },
      instanceId: inserted.instanceId,
      detail: { remoteId },
    })
    return inserted
  })
  await enqueueRun(worker, 'replication', { id: replication.id, attempt: replication.attempt })
}
