import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Prisma } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Backups that were found on a remote, are signed by a key of ours, and bear the plan's slug; they are of no plan yet. */
function adoptedOf(plan: { instanceId: string; slug: string }) {
  const { instanceId, slug } = plan
  return { instanceId, planSlug: slug, planId: null, origin: 'adopted' } satisfies Prisma.BackupWhereInput
}

/** How many backups that were taken over from a remote a plan could let its retention handle. */
export function countAdopted(plan: { instanceId: string; slug: string }): Promise<number> {
  return db().backup.count({ where: adoptedOf(plan) })
}

/**
 * Makes them the plan's: health and retention count them from now on, and retention may delete what is too old. Throws Problem
 * `unknown-plan`, `nothing-adopted`.
 */
export async function takeOverAdopted(actor: Actor, planId: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const plan = await transaction.plan.findUnique({ where: { id: planId } })
    if (!plan) throw new Problem({ code: 'unknown-plan', text: 'There is no such plan.' })
    // planned times are unique in a plan; those of the former one mean nothing to this schedule
    const data = { planId, plannedAt: null }
    const { count } = await transaction.backup.updateMany({ where: adoptedOf(plan), data })
    if (count === 0) throw new Problem({ code: 'nothing-adopted', text: 'No backup waits to become this plan’s.' })
    await recordAuditEvent(transaction, {
      actor,
      action: 'plan.take-over',
      subject: { kind: 'plan', id: planId },
      instanceId: plan.instanceId,
      detail: { backups: count },
    })
  })
}
