import { control } from '@/core/audit/actor'
import { type PlanWithParts, planInclude } from '@/core/backups/insert-backup'
import { listKeptBackups } from '@/core/backups/list-kept-backups'
import { chooseDeletions } from '@/core/backups/retention'
import { holdUncopied } from '@/core/replications/hold-uncopied'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, type Transaction } from '@/lib/db'
import { clocksDisagree } from './clocks-disagree'
import { requestRemoval } from './request-removal'

/** Asks for the deletion of what each plan need not keep any longer on each of its remotes (core/backups/retention.ts). */
export async function planRetention(now = new Date()): Promise<void> {
  for (const plan of await db().plan.findMany({ include: planInclude }))
    for (const target of plan.targets) await planTarget(plan, target, now)
}

async function planTarget(plan: PlanWithParts, target: PlanWithParts['targets'][number], now: Date): Promise<void> {
  const worker = plan.sources.map(({ source }) => source.worker).find(({ state }) => state === 'active')
  if (!worker) return
  const prune = await db().$transaction(async (transaction) => {
    const there = await listKeptBackups(transaction, plan.id, target.remoteId, plan.timeZone, now)
    const backups = await holdUncopied(transaction, plan.id, there, now)
    // read again: the guard may have been set, or the rule changed, since
    const { heldAt } = await transaction.plan.findUniqueOrThrow({ where: { id: plan.id } })
    const rule = await transaction.planTarget.findUnique({ where: { id: target.id } })
    if (rule?.remoteId !== target.remoteId) return null
    const chosen = chooseDeletions({
      ...{ backups, rule, now, held: heldAt !== null },
      clocksDisagree: await clocksDisagree(transaction, plan.instanceId),
      countedUpTo: await countedUpTo(transaction, plan.id, target.remoteId),
    })
    const place = { instanceId: plan.instanceId, workerId: worker.id, remoteId: target.remoteId }
    return chosen.length > 0 ? requestRemoval(transaction, control, plan, place, backups, chosen, now) : null
  })
  if (prune) await enqueueRun(worker, 'prune', { id: prune.id, attempt: prune.attempt })
}

/** Sequence of the newest backup that was there when the last deletion of this plan was asked for. */
async function countedUpTo(transaction: Transaction, planId: string, remoteId: string): Promise<number> {
  const last = await transaction.prune.aggregate({
    where: { remoteId, items: { some: { reason: 'retention', backup: { planId } } } },
    _max: { countedUpTo: true },
  })
  return last._max.countedUpTo ?? 0
}
