import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertReferences } from './assert-references'
import { countDeletions } from './count-deletions'
import { findPlan } from './find-plan'
import { planColumns } from './plan-columns'
import type { PlanSettings } from './schema'

/**
 * Changes a plan; slug and instance stay. A new schedule counts from now on, nothing is caught up. Fewer days to keep, when
 * that deletes backups that are kept today, need `confirmedDeletions` to be at least their number: else Problem
 * `confirm-fewer-days`, whose text names it.
 */
export async function updatePlan(
  actor: Actor,
  id: string,
  settings: PlanSettings,
  options: { confirmedDeletions: number },
): Promise<void> {
  await db().$transaction(async (transaction) => {
    const plan = await findPlan(transaction, id)
    await assertReferences(transaction, plan.instanceId, settings)
    await assertDeletionsConfirmed(transaction, plan, settings, options.confirmedDeletions)
    const rescheduled = plan.cron !== settings.cron || plan.timeZone !== settings.timeZone
    await transaction.plan.update({
      where: { id },
      data: {
        ...planColumns(settings),
        ...(rescheduled ? { scheduledFrom: new Date() } : {}),
        sources: { deleteMany: {}, create: settings.sourceIds.map((sourceId) => ({ sourceId })) },
      },
    })
    await setTarget(transaction, plan, settings)
    await recordAuditEvent(transaction, {
      actor,
      action: 'plan.edit',
      subject: { kind: 'plan', id },
      instanceId: plan.instanceId,
      detail: { slug: plan.slug, cron: settings.cron, timeZone: settings.timeZone, keepDays: settings.keepDays },
    })
  })
}

type FoundPlan = Awaited<ReturnType<typeof findPlan>>

async function assertDeletionsConfirmed(
  transaction: Transaction,
  plan: FoundPlan,
  settings: PlanSettings,
  confirmedDeletions: number,
): Promise<void> {
  const target = plan.targets[0]
  if (!target || target.remoteId !== settings.remoteId || settings.keepDays >= target.keepDays) return
  const count = await countDeletions(transaction, plan.id, target, settings.keepDays)
  if (count <= confirmedDeletions) return
  throw new Problem({
    code: 'confirm-fewer-days',
    text: `Keeping ${settings.keepDays} instead of ${target.keepDays} days deletes ${count === 1 ? 'one backup' : `${count} backups`} of this plan that would be kept today.`,
    action: `Tick “Delete ${count} ${count === 1 ? 'backup' : 'backups'}” and save again, or keep more days. Pinned backups always stay.`,
    where: 'keepDays',
  })
}

async function setTarget(transaction: Transaction, plan: FoundPlan, settings: PlanSettings): Promise<void> {
  const { remoteId, keepDays } = settings
  const target = plan.targets[0]
  if (target) await transaction.planTarget.update({ where: { id: target.id }, data: { remoteId, keepDays } })
  else await transaction.planTarget.create({ data: { planId: plan.id, remoteId, keepDays } })
}
