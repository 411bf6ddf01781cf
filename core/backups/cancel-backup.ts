import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { dequeueRun } from '@/core/workers/dequeue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { endBackup } from './end-backup'
import { tasksInclude, taskInTurn } from './tasks'

/**
 * Cancels a backup that nobody has in hand at once, and asks the worker that has it to stop. Throws Problem `unknown-backup`,
 * `not-running`, `too-late` (its manifest was signed: it is complete in a moment).
 */
export async function cancelBackup(actor: Actor, backupId: string, now = new Date()): Promise<void> {
  const dequeued = await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: backupId }, include: { tasks: tasksInclude } })
    if (!backup) throw new Problem({ code: 'unknown-backup', text: 'There is no such backup.' })
    if (backup.state !== 'queued' && backup.state !== 'running')
      throw new Problem({ code: 'not-running', text: `This backup is not running: it is ${backup.state}.` })
    if (backup.goAt)
      throw new Problem({ code: 'too-late', text: 'All of this backup is uploaded; it is complete in a moment.' })
    if (backup.cancelRequestedAt) return null
    await transaction.backup.update({ where: { id: backupId }, data: { cancelRequestedAt: now } })
    const task = taskInTurn(backup.tasks)
    const waiting = task?.state === 'queued' ? task : null
    if (waiting) await endBackup(transaction, waiting, { state: 'cancelled', problem: null }, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.cancel',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
    })
    return waiting
  })
  if (dequeued) await dequeueRun(dequeued.worker, 'backup', { id: backupId, attempt: dequeued.attempt })
}
