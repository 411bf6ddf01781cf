import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/**
 * Accepts what the shrink guard found: the plan's retention goes on, and its last good backup is what the next is compared
 * with. `heldAt` is that of the reason which was shown, so that a newer one is not accepted unseen.
 * Throws Problem `unknown-plan`, `not-held`, `held-again`.
 */
export async function acceptHeld(actor: Actor, planId: string, heldAt: Date): Promise<void> {
  await db().$transaction(async (transaction) => {
    const plan = await transaction.plan.findUnique({ where: { id: planId } })
    if (!plan) throw new Problem({ code: 'unknown-plan', text: 'There is no such plan.' })
    if (!plan.heldAt) throw new Problem({ code: 'not-held', text: 'The retention of this plan does not stand still.' })
    if (plan.heldAt.getTime() !== heldAt.getTime())
      throw new Problem({
        code: 'held-again',
        text: 'There is a newer reason why retention stands still than the one that was shown.',
        action: 'Reload the page and look at it.',
      })
    await transaction.plan.update({ where: { id: planId }, data: { heldReason: null, heldAt: null } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'plan.accept-held',
      subject: { kind: 'plan', id: planId },
      instanceId: plan.instanceId,
      detail: { reason: plan.heldReason },
    })
  })
}
