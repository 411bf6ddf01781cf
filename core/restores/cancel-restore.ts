import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { dequeueRun } from '@/core/workers/dequeue-run'
import { db } from '@/lib/db'
import { exchangeSchema } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { settleRestore } from './settle-restore'

/**
 * Cancels a queued restore at once, and asks the worker of a running one to stop. Throws Problem `unknown-restore`,
 * `not-running`.
 */
export async function cancelRestore(actor: Actor, restoreId: string, now = new Date()): Promise<void> {
  const cancelled = await db().$transaction(async (transaction) => {
    const restore = await transaction.restore.findUnique({
      where: { id: restoreId },
      include: { tasks: { include: { worker: true } } },
    })
    if (!restore) throw new Problem({ code: 'unknown-restore', text: 'There is no such restore.' })
    if (restore.state !== 'queued' && restore.state !== 'running')
      throw new Problem({ code: 'not-running', text: `This restore is not running: it is ${restore.state}.` })
    if (restore.cancelRequestedAt) return []
    const exchange = exchangeSchema.nullable().parse(restore.tasks[0]?.exchange ?? null)
    if (exchange && exchange.state !== 'staging') throw tooLate()
    await transaction.restore.update({ where: { id: restoreId }, data: { cancelRequestedAt: now } })
    const waiting = restore.tasks.filter((task) => task.state === 'queued')
    for (const task of waiting) await settleRestore(transaction, task, { state: 'cancelled', problem: null }, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.cancel',
      subject: { kind: 'restore', id: restoreId },
      instanceId: restore.instanceId,
    })
    return waiting
  })
  for (const { worker, attempt } of cancelled) await dequeueRun(worker, 'restore', { id: restoreId, attempt })
}

function tooLate(): Problem {
  return new Problem({
    code: 'too-late',
    text: 'This restore is exchanging what stands there, which takes a moment and is not stopped half-way.',
    action: 'Wait until it ended, then undo it.',
  })
}
