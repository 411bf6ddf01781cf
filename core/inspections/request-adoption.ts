import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { backupReferenceSchema } from '@/protocol/specs'
import { insertInspection } from './insert-inspection'

const mostPerRun = 1000

/**
 * Asks a worker to hand in the manifests of all backups that the newest listing found and the catalogue does not know.
 * Throws Problem `nothing-to-adopt`, and what insertInspection throws.
 */
export async function requestAdoption(
  actor: Actor,
  place: { instanceId: string; remoteId: string },
  now = new Date(),
): Promise<void> {
  const { inspection, worker } = await db().$transaction(async (transaction) => {
    const strangers = await transaction.stranger.findMany({ where: { inspection: { ...place, kind: 'listing' } } })
    const folders = strangers
      .filter(({ manifest, folder }) => manifest && backupReferenceSchema.shape.folder.safeParse(folder).success)
      .map(({ folder }) => folder)
      .slice(0, mostPerRun)
    if (folders.length === 0)
      throw new Problem({
        code: 'nothing-to-adopt',
        text: 'The last look found no backup that the catalogue does not know.',
        action: 'Check the remote again.',
      })
    const inserted = await insertInspection(transaction, actor, place, { kind: 'adoption', folders }, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.adopt',
      subject: { kind: 'remote', id: place.remoteId },
      instanceId: place.instanceId,
      detail: { folders: folders.length },
    })
    return inserted
  })
  await enqueueRun(worker, 'inspection', { id: inspection.id, attempt: inspection.attempt })
}
