import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { dequeueRun } from '@/core/workers/dequeue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * Cancels a queued replication at once, and asks the worker of a running one to stop. It is not tried again by itself, and what
 * it left is cleaned up. Throws Problem `unknown-replication`, `not-running`.
 */
export async function cancelReplication(actor: Actor, replicationId: string, now = new Date()): Promise<void> {
  const dequeued = await db().$transaction(async (transaction) => {
    const replication = await transaction.replication.findUnique({
      where: { id: replicationId },
      include: { worker: true },
    })
    if (!replication) throw new Problem({ code: 'unknown-replication', text: 'There is no such copying.' })
    if (replication.state !== 'queued' && replication.state !== 'running')
      throw new Problem({ code: 'not-running', text: 'This copying has ended already.' })
    if (replication.cancelRequestedAt) return null
    const ended = replication.state === 'queued' ? { state: 'cancelled' as const, finishedAt: now } : {}
    await transaction.replication.update({ where: { id: replicationId }, data: { cancelRequestedAt: now, ...ended } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.cancel-copy',
      subject: { kind: 'backup', id: replication.backupId },
      instanceId: replication.instanceId,
      detail: { remoteId: replication.toRemoteId },
    })
    return replication.state === 'queued' ? replication : null
  })
  if (dequeued) await dequeueRun(dequeued.worker, 'replication', { id: replicationId, attempt: dequeued.attempt })
}
