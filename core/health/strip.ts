import { runsOnDay } from '@/core/plans/schedule'
import { groupBy } from './group-by'
import type { RunState } from './judge'

/** What happened to a plan, day by day in its own time zone. */

/**
 * `good` with or without ordinary warnings; `mixed` when a good run and a bad one share the day; `bad` when none was good;
 * `missed` when one was planned and nothing began; `other` when it was cancelled or skipped; `none` when nothing was planned, or
 * it is still to come.
 */
export type DayState = 'good' | 'mixed' | 'bad' | 'other' | 'under way' | 'missed' | 'none'

/** The days of a strip in their order; the last is `until`, `2026-11-23` in the plan's zone. */
export type Strip = { until: string; days: DayState[] }

export type StripRun = { state: RunState; at: Date }

type StripPlan = { cron: string; timeZone: string; scheduledFrom: Date; paused: boolean }

const dayMilliseconds = 86_400_000

/** The last `count` days until today; `overdueSince` tells that today's run is missed although the day is not over. */
export function stripOf(plan: StripPlan, runs: StripRun[], overdueSince: Date | null, now: Date, count: number): Strip {
  const byDay = groupBy(runs, ({ at }) => dayOf(at, plan.timeZone))
  const until = dayOf(now, plan.timeZone)
  const firstDay = dayOf(plan.scheduledFrom, plan.timeZone)
  const days = lastDays(until, count).map((date): DayState => {
    const ofDay = byDay.get(date)
    if (ofDay) return stateOf(ofDay)
    // a plan that was paused, or whose schedule was edited, is not known to have missed what lies before
    const wasPlanned = !plan.paused && date > firstDay && runsOnDay(plan.cron, date)
    return wasPlanned && (date < until || overdueSince) ? 'missed' : 'none'
  })
  return { until, days }
}

/** Of the days of a strip those on which one of these moments lies. */
export function marksOf({ until, days }: Strip, moments: Date[], timeZone: string): boolean[] {
  const marked = new Set(moments.map((at) => dayOf(at, timeZone)))
  return lastDays(until, days.length).map((day) => marked.has(day))
}

/** Of the runs of a day the one that tells most: what goes on, else what went wrong, else the latest good one. */
export function mostTelling<Run extends StripRun>(runs: Run[]): Run | null {
  const latest = runs.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  const order = ['under way', 'bad', 'good', 'other']
  return latest.toSorted((a, b) => order.indexOf(kindOf(a.state)) - order.indexOf(kindOf(b.state)))[0] ?? null
}

function stateOf(runs: StripRun[]): DayState {
  const kinds = new Set(runs.map(({ state }) => kindOf(state)))
  if (kinds.has('under way')) return 'under way'
  if (kinds.has('good')) return kinds.has('bad') ? 'mixed' : 'good'
  return kinds.has('bad') ? 'bad' : 'other'
}

function kindOf(state: RunState): 'good' | 'bad' | 'other' | 'under way' {
  if (state === 'succeeded' || state === 'warning') return 'good'
  if (state === 'failed' || state === 'lost') return 'bad'
  return state === 'queued' || state === 'running' ? 'under way' : 'other'
}

function lastDays(until: string, count: number): string[] {
  const noon = Date.parse(`${until}T12:00:00Z`)
  return Array.from({ length: count }, (_, index) =>
    new Date(noon - (count - 1 - index) * dayMilliseconds).toISOString().slice(0, 10),
  )
}

const quarterMilliseconds = 900_000
const mostKnownDays = 50_000
const knownDays = new Map<string, string>()
const formats = new Map<string, Intl.DateTimeFormat>()

/** The day of a moment in that zone: `2026-11-23`. Remembered by the quarter of an hour, as no zone begins its days in between. */
export function dayOf(at: Date, timeZone: string): string {
  const key = `${timeZone} ${Math.floor(at.getTime() / quarterMilliseconds)}`
  const known = knownDays.get(key)
  if (known) return known
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { ...dayParts, timeZone })
  formats.set(timeZone, format)
  const day = format.format(at)
  if (knownDays.size >= mostKnownDays) knownDays.clear()
  knownDays.set(key, day)
  return day
}

const dayParts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
