import { isGood } from '@/core/backups/good-backups'
import { db } from '@/lib/db'
import { type Collision, type ExpectedRun, findCollisions } from './collisions'
import { scheduleOf } from './plan-columns'
import { nextStarts } from './start-time'

export type PlanCalendar = {
  runs: ExpectedRun[]
  collisions: Collision[]
  /** names of the plans that have made no good backup yet: half an hour is assumed */
  unknown: string[]
  /** there are more runs than are shown */
  isCut: boolean
}

const assumedMilliseconds = 30 * 60_000
const durationsCounted = 10
const mostRuns = 3000
const mostRunsOfPlan = 700

/** Every planned run of all plans that are not paused between two moments, with the duration that its history leads to expect. */
export async function listCalendar(from: Date, until: Date): Promise<PlanCalendar> {
  const plans = await db().plan.findMany({
    where: { paused: false },
    orderBy: [{ instance: { name: 'asc' } }, { name: 'asc' }],
    include: {
      instance: { select: { id: true, name: true } },
      sources: { select: { source: { select: { worker: { select: { slug: true } } } } } },
      // runs write to the first; copies are made when there is nothing else to do
      targets: { orderBy: { position: 'asc' }, take: 1, select: { remote: { select: { name: true } } } },
      backups: {
        where: { ...isGood, startedAt: { not: null } },
        orderBy: { sequence: 'desc' },
        take: durationsCounted,
        select: { startedAt: true, finishedAt: true },
      },
    },
  })
  const runs = plans.flatMap((plan) => {
    const { id, name, instance } = plan
    const duration = usualDuration(plan.backups) ?? assumedMilliseconds
    const workers = [...new Set(plan.sources.map(({ source }) => `${source.worker.slug} @ ${instance.name}`))]
    const remotes = plan.targets.map(({ remote }) => remote.name)
    return nextStarts(scheduleOf(plan), from, mostRunsOfPlan)
      .filter(({ startsAt }) => startsAt < until)
      .map(({ startsAt }) => ({
        ...{ plan: { id, name }, instance, workers, remotes, startsAt },
        endsAt: new Date(startsAt.getTime() + duration),
      }))
  })
  const shown = runs.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime()).slice(0, mostRuns)
  return {
    runs: shown,
    collisions: findCollisions(shown),
    unknown: plans.filter(({ backups }) => usualDuration(backups) === null).map(({ name }) => name),
    isCut: shown.length < runs.length,
  }
}

/** The median, at least a minute so that it can be seen. */
function usualDuration(backups: { startedAt: Date | null; finishedAt: Date | null }[]): number | null {
  const durations = backups
    .flatMap(({ startedAt, finishedAt }) =>
      startedAt && finishedAt ? [finishedAt.getTime() - startedAt.getTime()] : [],
    )
    .sort((a, b) => a - b)
  const median = durations[Math.floor(durations.length / 2)]
  return median === undefined ? null : Math.max(60_000, median)
}
