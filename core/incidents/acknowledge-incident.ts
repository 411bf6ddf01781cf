import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** How long reminders stay away; 0: until the incident closes. */
export const quietHourChoices = [0, 4, 24, 72, 168] as const

export const acknowledgeSchema = z.object({
  reason: z.string().trim().min(1, 'Say in a few words why, so that others know.').max(500),
  quietHours: z.coerce.number().pipe(z.literal([...quietHourChoices])),
})

/**
 * Takes an incident on: nobody is reminded of it until it closes, or for some hours. It still tells when it gets worse and when it is
 * over. Throws Problem `not-found`, `incident-closed`.
 */
export async function acknowledgeIncident(
  actor: Actor,
  id: string,
  { reason, quietHours }: z.infer<typeof acknowledgeSchema>,
  now = new Date(),
): Promise<void> {
  await db().$transaction(async (transaction) => {
    await assertOpen(transaction, id)
    const quietUntil = quietHours === 0 ? null : new Date(now.getTime() + quietHours * 3_600_000)
    const data = { acknowledgedAt: now, acknowledgedBy: actor.name, acknowledgement: reason, quietUntil }
    await transaction.incident.update({ where: { id }, data })
    await recordAuditEvent(transaction, {
      actor,
      action: 'incident.acknowledge',
      subject: { kind: 'incident', id },
      detail: { reason, quietUntil: quietUntil?.toISOString() ?? null },
    })
  })
}

/** Reminders come again. Throws Problem `not-found`, `incident-closed`. */
export async function releaseIncident(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    await assertOpen(transaction, id)
    const data = { acknowledgedAt: null, acknowledgedBy: null, acknowledgement: null, quietUntil: null }
    await transaction.incident.update({ where: { id }, data })
    await recordAuditEvent(transaction, { actor, action: 'incident.release', subject: { kind: 'incident', id } })
  })
}

async function assertOpen(transaction: Transaction, id: string): Promise<void> {
  const incident = await transaction.incident.findUnique({ where: { id }, select: { closedAt: true } })
  if (!incident)
    throw new Problem({ code: 'not-found', text: 'There is no such incident.', action: 'Go back to the incidents.' })
  if (incident.closedAt)
    throw new Problem({
      code: 'incident-closed',
      text: 'This incident is closed already.',
      action: 'Nothing is left to do.',
    })
}
