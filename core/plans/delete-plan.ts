import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findPlan } from './find-plan'

/**
 * Deletes a plan. Its backups stay on the remote and restorable, under the plan's slug; no retention deletes them any more.
 * Throws Problem `plan-busy` while one of its backups is queued or running.
 */
export async function deletePlan(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const plan = await findPlan(transaction, id)
    const busy = await transaction.backup.count({ where: { planId: id, state: { in: ['queued', 'running'] } } })
    if (busy > 0)
      throw new Problem({
        code: 'plan-busy',
        text: 'A backup of this plan is queued or running.',
        action: 'Wait until it has ended, or cancel it, then delete the plan.',
      })
    const backups = await transaction.backup.count({
      where: { planId: id, copies: { some: { presence: 'present' } } },
    })
    await transaction.plan.delete({ where: { id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'plan.delete',
      subject: { kind: 'plan', id },
      instanceId: plan.instanceId,
      detail: { slug: plan.slug, backupsThatStay: backups },
    })
  })
}
