import { isGood } from '@/core/backups/good-backups'
import { db, type RunState } from '@/lib/db'
import { type PlanFault, planFaults } from './plan-faults'
import { describeRetention } from './retention-words'
import { describeCron } from './schedule'
import { scheduleOf } from './plan-columns'
import { nextStart } from './start-time'

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
  faults: PlanFault[]
  /** null while paused */
  nextRunAt: Date | null
  remotes: string[]
  /** how long backups are kept, in words */
  keeps: string
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
      targets: { orderBy: { position: 'asc' }, include: { remote: { select: { name: true } } } },
      sources: { select: { source: { select: { worker: { select: { slug: true, state: true } } } } } },
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
      faults: planFaults({
        ...{ id: plan.id, instance: plan.instance, hasRemote: plan.targets.length > 0 },
        workers: plan.sources.map(({ source }) => source.worker),
      }),
      nextRunAt: plan.paused ? null : nextStart(scheduleOf(plan), now),
      remotes: plan.targets.map((target) => target.remote.name),
      keeps: plan.targets[0] ? describeRetention(plan.targets[0]) : '',
      sources: plan.sources.length,
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
