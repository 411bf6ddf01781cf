import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { dequeueRun } from '@/core/workers/dequeue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * Cancels a queued backup at once, and asks the worker of a running one to stop. Throws Problem `unknown-backup`,
 * `not-running`, `too-late` (its manifest was signed: it is complete in a moment).
 */
export async function cancelBackup(actor: Actor, backupId: string, now = new Date()): Promise<void> {
  const dequeued = await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: backupId }, include: { worker: true } })
    if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
    if (backup.state !== 'queued' && backup.state !== 'running')
      throw new Problem({ code: 'not-running', text: `This backup is not running: it is ${backup.state}.` })
    if (backup.goAt)
      throw new Problem({ code: 'too-late', text: 'All of this backup is uploaded; it is complete in a moment.' })
    if (backup.cancelRequestedAt) return null
    const ended = backup.state === 'queued' ? { state: 'cancelled' as const, finishedAt: now } : {}
    await transaction.backup.update({ where: { id: backupId }, data: { cancelRequestedAt: now, ...ended } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.cancel',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
    })
    return backup.state === 'queued' ? backup : null
  })
  if (dequeued?.worker) await dequeueRun(dequeued.worker, 'backup', { id: backupId, attempt: dequeued.attempt })
}
