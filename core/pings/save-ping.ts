import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { PingInput } from './schema'
import { sealPing } from './seal-ping'

/** Sets the address that hears of a plan, or of control; one that was there is replaced. Throws Problem `not-found`. */
export async function savePing(actor: Actor, { planId, url }: PingInput): Promise<void> {
  const id = randomUUID()
  await db().$transaction(async (transaction) => {
    const plan = planId && (await transaction.plan.findUnique({ where: { id: planId } }))
    if (planId && !plan)
      throw new Problem({ code: 'not-found', text: 'This plan is gone.', action: 'Choose another.', where: 'planId' })
    await transaction.ping.deleteMany({ where: { planId } })
    const place = new URL(url).host
    await transaction.ping.create({ data: { id, planId, url: sealPing(id, url), place } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'ping.save',
      subject: { kind: 'ping', id },
      instanceId: plan ? plan.instanceId : null,
      detail: { plan: plan ? plan.slug : null, place },
    })
  })
}

export async function deletePing(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    await transaction.ping.deleteMany({ where: { id } })
    await recordAuditEvent(transaction, { actor, action: 'ping.delete', subject: { kind: 'ping', id } })
  })
}
