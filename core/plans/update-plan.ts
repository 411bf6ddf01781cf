import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { isGood } from '@/core/backups/good-backups'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertReferences } from './assert-references'
import { countDeletions } from './count-deletions'
import { findPlan } from './find-plan'
import { changedFields, listChanges, mergeChanges, type PlanConflict } from './plan-changes'
import { planColumns, retentionRule, targetColumns } from './plan-columns'
import { planSettings } from './plan-settings'
import type { PlanSettings } from './schema'

export type PlanEdit = {
  settings: PlanSettings
  /** the plan as the form was filled with it */
  loaded: PlanSettings
  /** of the plan that the person knows: what was loaded, or what a conflict told of since */
  version: number
  /** a conflict was shown: what the form did not change stays as it is now */
  merge: boolean
  /** so many backups may be deleted by it */
  confirmedDeletions: number
}

/**
 * Changes a plan; slug and instance stay. A new schedule counts from now on, nothing is caught up. When somebody else saved
 * meanwhile nothing is written, and the answer says what they changed. A change that deletes backups which are kept today needs
 * `confirmedDeletions` to be at least their number: else Problem `confirm-deletions`, whose text names it.
 */
export async function updatePlan(actor: Actor, id: string, edit: PlanEdit): Promise<PlanConflict | null> {
  return db().$transaction(async (transaction) => {
    const plan = await findPlan(transaction, id)
    const now = planSettings(plan)
    if (edit.version !== plan.version) return conflictOf(transaction, plan, now, edit)
    const settings = edit.merge ? mergeChanges(edit.loaded, now, edit.settings) : edit.settings
    await assertReferences(transaction, plan.instanceId, settings)
    await assertDeletionsConfirmed(transaction, plan, settings, edit.confirmedDeletions)
    const rescheduled = plan.cron !== settings.cron || plan.timeZone !== settings.timeZone
    await transaction.plan.update({
      where: { id },
      data: {
        ...planColumns(settings),
        version: { increment: 1 },
        ...(rescheduled ? { scheduledFrom: new Date() } : {}),
        sources: { deleteMany: {}, create: settings.sourceIds.map((sourceId) => ({ sourceId })) },
      },
    })
    await setTargets(transaction, plan, settings)
    const changed = Object.fromEntries(changedFields(now, settings).map((field) => [field, settings[field]]))
    await recordAuditEvent(transaction, {
      actor,
      action: 'plan.edit',
      subject: { kind: 'plan', id },
      instanceId: plan.instanceId,
      detail: { slug: plan.slug, ...changed },
    })
    return null
  })
}

type FoundPlan = Awaited<ReturnType<typeof findPlan>>

async function conflictOf(
  transaction: Transaction,
  plan: FoundPlan,
  now: PlanSettings,
  { loaded, settings }: PlanEdit,
): Promise<PlanConflict> {
  const last = await transaction.auditEvent.findFirst({
    where: { action: 'plan.edit', subjectId: plan.id },
    orderBy: { id: 'desc' },
  })
  return {
    version: plan.version,
    by: last?.actorName ?? null,
    at: last?.at ?? null,
    changes: listChanges(loaded, now, settings),
  }
}

async function assertDeletionsConfirmed(
  transaction: Transaction,
  plan: FoundPlan,
  settings: PlanSettings,
  confirmedDeletions: number,
): Promise<void> {
  const { timeZone, targets } = settings
  let count = 0
  for (const target of targets)
    count += await countDeletions(transaction, plan, {
      remoteId: target.remoteId,
      timeZone,
      rule: retentionRule(target),
    })
  if (count <= confirmedDeletions) return
  const backups = count === 1 ? '1 backup' : `${count} backups`
  throw new Problem({
    code: 'confirm-deletions',
    text: `This change deletes ${backups} of this plan that would be kept today.`,
    action: `Tick “Delete ${backups}” and save again, or keep more. Pinned backups always stay.`,
    where: 'confirmedDeletions',
  })
}

/** A remote that stays keeps its row: when the plan got it, and where copying to it begins. */
async function setTargets(transaction: Transaction, plan: FoundPlan, { targets }: PlanSettings): Promise<void> {
  const planId = plan.id
  await transaction.planTarget.deleteMany({
    where: { planId, remoteId: { notIn: targets.map(({ remoteId }) => remoteId) } },
  })
  const newest = await transaction.backup.findFirst({
    where: { planId, ...isGood, copies: { some: { presence: 'present' } } },
    orderBy: { sequence: 'desc' },
    select: { sequence: true },
  })
  for (const [position, target] of targets.entries()) {
    const { remoteId } = target
    const before = plan.targets.find((candidate) => candidate.remoteId === remoteId)?.copiesFrom
    const data = { position, ...targetColumns(target, before ?? newest?.sequence ?? 0) }
    await transaction.planTarget.upsert({
      where: { planId_remoteId: { planId, remoteId } },
      create: { planId, ...data },
      update: data,
    })
  }
}
