import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { insertInspection } from './insert-inspection'

/**
 * Asks a worker to compare the catalogue with what lies in the instance's folder on a remote. Throws Problem `unknown-instance`,
 * `unknown-remote`, and what insertInspection throws.
 */
export async function requestListing(
  actor: Actor,
  place: { instanceId: string; remoteId: string },
  now = new Date(),
): Promise<void> {
  const { inspection, worker } = await db().$transaction(async (transaction) => {
    const [instance, remote] = await Promise.all([
      transaction.instance.findUnique({ where: { id: place.instanceId } }),
      transaction.remote.findUnique({ where: { id: place.remoteId } }),
    ])
    if (!instance) throw new Problem({ code: 'unknown-instance', text: 'There is no such instance.' })
    if (!remote) throw new Problem({ code: 'unknown-remote', text: 'There is no such remote.' })
    const inserted = await insertInspection(transaction, actor, place, { kind: 'listing' }, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'remote.check',
      subject: { kind: 'remote', id: remote.id },
      instanceId: instance.id,
    })
    return inserted
  })
  await enqueueRun(worker, 'inspection', { id: inspection.id, attempt: inspection.attempt })
}
