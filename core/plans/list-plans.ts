import { findNewest } from '@/core/backups/find-newest'
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
    },
  })
  const newest = await readNewest(plans.map((plan) => plan.id))
  return plans.map((plan) => {
    const { last, good } = newest.get(plan.id) ?? {}
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
      lastGoodAt: good?.finishedAt ?? null,
    }
  })
}

type NewestBackup = { id: string; state: RunState; requestedAt: Date; startedAt: Date | null; finishedAt: Date | null }

async function readNewest(planIds: string[]) {
  const found = await findNewest(planIds)
  const rows = await db().backup.findMany({
    where: { sequence: { in: found.flatMap(({ any, good }) => [any, good]).filter((sequence) => sequence !== null) } },
    select: { sequence: true, id: true, state: true, requestedAt: true, startedAt: true, finishedAt: true },
  })
  const bySequence = new Map<number | null, NewestBackup>(rows.map((row) => [row.sequence, row]))
  return new Map(
    found.map(({ planId, any, good }) => [planId, { last: bySequence.get(any), good: bySequence.get(good) }]),
  )
}
