import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, isUniqueViolation } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertReferences } from './assert-references'
import { planColumns, targetColumns } from './plan-columns'
import type { PlanInput } from './schema'

/** Makes a plan; it runs from now on, nothing is caught up. Throws Problem, see assertReferences, or `slug-taken`. */
export async function createPlan(actor: Actor, input: PlanInput): Promise<{ id: string }> {
  try {
    return await db().$transaction(async (transaction) => {
      await assertReferences(transaction, input.instanceId, input)
      const plan = await transaction.plan.create({
        data: {
          instanceId: input.instanceId,
          slug: input.slug,
          ...planColumns(input),
          sources: { create: input.sourceIds.map((sourceId) => ({ sourceId })) },
          targets: { create: input.targets.map((target, position) => ({ position, ...targetColumns(target, 0) })) },
        },
        select: { id: true },
      })
      await recordAuditEvent(transaction, {
        actor,
        action: 'plan.create',
        subject: { kind: 'plan', id: plan.id },
        instanceId: input.instanceId,
        detail: { slug: input.slug, cron: input.cron, timeZone: input.timeZone, targets: input.targets },
      })
      return plan
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'slug-taken',
      text: `This instance already has a plan “${input.slug}”.`,
      action: 'Choose another slug.',
      where: 'slug',
    })
  }
}
