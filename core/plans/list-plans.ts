import { isGood } from '@/core/backups/good-backups'
import { db, type RunState } from '@/lib/db'
import { describeCron, nextRuns } from './schedule'

export type PlanListItem = {
  id: string
  slug: string
  name: string
  instance: { slug: string; name: string }
  cron: string
  /** the schedule as a sentence */
  words: string
  timeZone: string
  paused: boolean
  held: boolean
  /** null while paused */
  nextRunAt: Date | null
  remotes: string[]
  keepDays: number
  sources: number
  /** latest of the scheduled and manual ones */
  lastBackup: { id: string; state: RunState; at: Date } | null
  lastGoodAt: Date | null
}

/** Plans by instance and name, of one instance or of all. */
export async function listPlans(filter: { instanceId?: string } = {}): Promise<PlanListItem[]> {
  const now = new Date()
  const plans = await db().plan.findMany({
    where: filter.instanceId ? { instanceId: filter.instanceId } : {},
    orderBy: [{ instance: { name: 'asc' } }, { name: 'asc' }],
    include: {
      instance: { select: { slug: true, name: true } },
      targets: { orderBy: { position: 'asc' }, select: { keepDays: true, remote: { select: { name: true } } } },
      _count: { select: { sources: true } },
      backups: {
        where: { kind: { not: 'safety' } },
        orderBy: { sequence: 'desc' },
        take: 1,
        select: { id: true, state: true, requestedAt: true, startedAt: true },
      },
    },
  })
  const lastGood = await lastGoodTimes(plans.map((plan) => plan.id))
  return plans.map((plan) => {
    const last = plan.backups[0]
    return {
      id: plan.id,
      slug: plan.slug,
      name: plan.name,
      instance: plan.instance,
      cron: plan.cron,
      words: describeCron(plan.cron),
      timeZone: plan.timeZone,
      paused: plan.paused,
      held: plan.heldAt !== null,
      nextRunAt: plan.paused ? null : (nextRuns(plan.cron, plan.timeZone, now, 1)[0] ?? null),
      remotes: plan.targets.map((target) => target.remote.name),
      keepDays: plan.targets[0]?.keepDays ?? 0,
      sources: plan._count.sources,
      lastBackup: last ? { id: last.id, state: last.state, at: last.startedAt ?? last.requestedAt } : null,
      lastGoodAt: lastGood.get(plan.id) ?? null,
    }
  })
}

async function lastGoodTimes(planIds: string[]): Promise<Map<string | null, Date | null>> {
  const groups = await db().backup.groupBy({
    by: ['planId'],
    where: {
      planId: { in: planIds },
      ...isGood,
      copies: { some: { presence: 'present' } },
    },
    _max: { finishedAt: true },
  })
  return new Map(groups.map((group) => [group.planId, group._max.finishedAt]))
}
