import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { requireSlug } from '@/core/restores/find-in-place-task'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findRepeatable } from './repeatable'
import type { WantedRefresh } from './schema'

/**
 * Repeats a restore of another instance in place on a schedule, each time out of the newest good backup of its plan. What the runs,
 * and the restore that is repeated, keep beside is dropped before the next one, for which the instance's slug is typed now. Each run
 * is asked for as by this person, whose rights are judged then. Throws Problem `forbidden`, `slug-not-typed`, and those of
 * findRepeatable.
 */
export async function makeRefresh(actor: Actor, wanted: WantedRefresh, now = new Date()): Promise<{ id: string }> {
  const { restoreId, cron, timeZone, typedSlug } = wanted
  const { id: createdById } = actor
  if (actor.kind !== 'user' || createdById === null)
    throw new Problem({ code: 'forbidden', text: 'A refresh is made by a person, whose rights it has.' })
  return db().$transaction(async (transaction) => {
    const { instance, plan, request, accepted } = await findRepeatable(transaction, restoreId)
    requireSlug(typedSlug, instance.slug)
    const id = randomUUID()
    await transaction.refresh.create({
      data: {
        ...{ id, instanceId: instance.id, planId: plan.id, cron, timeZone, request, accepted, createdById },
        ...{ createdAt: now, scheduledFrom: now },
      },
    })
    await transaction.restore.update({ where: { id: restoreId }, data: { refreshId: id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'refresh.make',
      subject: { kind: 'refresh', id },
      instanceId: instance.id,
      detail: { restoreId, planId: plan.id, cron, timeZone },
    })
    return { id }
  })
}
