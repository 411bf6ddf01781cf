import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { insertBackup, placeOfPlan, planInclude } from './insert-backup'

/**
 * Asks for a backup of a plan now; `note` says why. The row is the truth; when Redis is away control enqueues it later.
 * Throws Problem `unknown-plan`, `already-running`, and what placeOfPlan throws.
 */
export async function requestBackup(
  actor: Actor,
  planId: string,
  note: string | null = null,
  now = new Date(),
): Promise<{ backupId: string }> {
  const { backupId, worker } = await db().$transaction(async (transaction) => {
    const plan = await transaction.plan.findUnique({ where: { id: planId }, include: planInclude })
    if (!plan) throw new Problem({ code: 'unknown-plan', text: 'There is no such plan.' })
    const place = placeOfPlan(plan)
    const open = await transaction.backup.findFirst({ where: { planId, state: { in: ['queued', 'running'] } } })
    if (open)
      throw new Problem({
        code: 'already-running',
        text: `A backup of the plan “${plan.name}” is ${open.state} already.`,
        action: 'Wait until it ended, or cancel it.',
      })
    const requestedById = actor.kind === 'user' ? actor.id : null
    const facts = {
      kind: 'manual',
      plannedAt: null,
      requestedById,
      note,
      state: 'queued',
      problem: null,
      place,
    } as const
    const created = await insertBackup(transaction, plan, facts, now)
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.request',
      subject: { kind: 'backup', id: created.id },
      instanceId: plan.instanceId,
      detail: { plan: plan.slug, note },
    })
    return { backupId: created.id, worker: place.workers[0] }
  })
  await enqueueRun(worker, 'backup', { id: backupId, attempt: 1 })
  return { backupId }
}
