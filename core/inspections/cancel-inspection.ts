import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { dequeueRun } from '@/core/workers/dequeue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Cancels a queued look at once, and asks the worker of a running one to stop. Throws Problem `unknown-look`, `not-running`. */
export async function cancelInspection(actor: Actor, inspectionId: string, now = new Date()): Promise<void> {
  const dequeued = await db().$transaction(async (transaction) => {
    const inspection = await transaction.inspection.findUnique({
      where: { id: inspectionId },
      include: { worker: true },
    })
    if (!inspection) throw new Problem({ code: 'unknown-look', text: 'There is no such look at a remote.' })
    if (inspection.state !== 'queued' && inspection.state !== 'running')
      throw new Problem({ code: 'not-running', text: 'This look at the remote has ended already.' })
    if (inspection.cancelRequestedAt) return null
    const ended = inspection.state === 'queued' ? { state: 'cancelled' as const, finishedAt: now } : {}
    await transaction.inspection.update({ where: { id: inspectionId }, data: { cancelRequestedAt: now, ...ended } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'inspection.cancel',
      subject: { kind: 'inspection', id: inspectionId },
      instanceId: inspection.instanceId,
    })
    return inspection.state === 'queued' ? inspection : null
  })
  if (dequeued) await dequeueRun(dequeued.worker, 'inspection', { id: inspectionId, attempt: dequeued.attempt })
}
