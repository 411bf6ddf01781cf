import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { findPlan } from './find-plan'

/** No run is planned until the plan is resumed; one that is going on goes on. */
export async function pausePlan(actor: Actor, id: string): Promise<void> {
  await setPaused(actor, id, true)
}

/** Runs are planned again from now on: those of the pause are not caught up. */
export async function resumePlan(actor: Actor, id: string): Promise<void> {
  await setPaused(actor, id, false)
}

async function setPaused(actor: Actor, id: string, paused: boolean): Promise<void> {
  await db().$transaction(async (transaction) => {
    const plan = await findPlan(transaction, id)
    if (plan.paused === paused) return
    await transaction.plan.update({
      where: { id },
      data: paused ? { paused } : { paused, scheduledFrom: new Date() },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: paused ? 'plan.pause' : 'plan.resume',
      subject: { kind: 'plan', id },
      instanceId: plan.instanceId,
      detail: { slug: plan.slug },
    })
  })
}
