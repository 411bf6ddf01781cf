import { afterBlackouts, type Blackout, endOfBlackout } from './blackouts'
import { latestDue, nextRun, runsAfter } from './schedule'
import { offsetMinutes } from './wall-time'

/** All that says when a plan's runs begin. Pure, and the same on the server and in the form's preview. */
export type Schedule = {
  /** what the spread is drawn from: a plan's id, as each plan has an amount of its own */
  id: string
  cron: string
  timeZone: string
  spreadMinutes: number
  blackouts: Blackout[]
}

const minuteMilliseconds = 60_000
const dayMilliseconds = 86_400_000

/**
 * When a run may begin: at its planned time, after any blackout that this lies in, and then up to `spreadMinutes` later. The
 * same whenever it is asked.
 */
export function startOf(schedule: Schedule, plannedAt: Date): Date {
  const free = (at: Date) => afterBlackouts(schedule.blackouts, schedule.timeZone, at) ?? at
  const spread = (at: Date) => new Date(at.getTime() + spreadOf(schedule, at) * minuteMilliseconds)
  const start = spread(free(plannedAt))
  const end = free(start)
  // the spread led into a blackout: it counts from the end of that
  return end > start ? free(spread(end)) : start
}

/** Minutes from 0 to `spreadMinutes`, by FNV-1a over plan and time: as good as random, and for ever the same. */
function spreadOf({ id, spreadMinutes }: Schedule, at: Date): number {
  let hash = 0x811c9dc5
  for (const character of `${id} ${at.toISOString()}`)
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0) % (spreadMinutes + 1)
}

/** The latest planned time later than `after` whose run may begin by `now`: what is due, or null. Earlier ones are not caught up. */
export function latestDueOf(schedule: Schedule, after: Date, now: Date): Date | null {
  return latestDue(schedule.cron, schedule.timeZone, after, now, (run) => startOf(schedule, run))
}

/** The first moment after `from` at which a run begins, or null. */
export function nextStart(schedule: Schedule, from: Date): Date | null {
  const isAsPlanned = schedule.spreadMinutes === 0 && schedule.blackouts.length === 0
  if (isAsPlanned) return nextRun(schedule.cron, schedule.timeZone, from)
  return nextStarts(schedule, from, 1)[0]?.startsAt ?? null
}

export type PlannedStart = {
  plannedAt: Date
  startsAt: Date
  /** a blackout moves it */
  delayed: boolean
  /** minutes that clocks go forward (or, below 0, back) between the run before and this one */
  clockChangeMinutes: number
}

/** The next `count` runs that begin after `from`. Of several that a blackout moves to one moment only the last is run. */
export function nextStarts(schedule: Schedule, from: Date, count: number): PlannedStart[] {
  const starts: PlannedStart[] = []
  // one that was planned before may still have to begin
  const lead = schedule.spreadMinutes * minuteMilliseconds + (schedule.blackouts.length > 0 ? 8 * dayMilliseconds : 0)
  let offset = offsetMinutes(from, schedule.timeZone)
  for (const plannedAt of runsAfter(schedule.cron, schedule.timeZone, new Date(from.getTime() - lead - 1))) {
    const startsAt = startOf(schedule, plannedAt)
    if (startsAt <= from) continue
    if (starts.at(-1)?.startsAt.getTime() === startsAt.getTime()) starts.pop()
    else if (starts.length === count) return starts.map(withClockChange)
    const delayed = endOfBlackout(schedule.blackouts, schedule.timeZone, plannedAt) !== null
    starts.push({ plannedAt, startsAt, delayed, clockChangeMinutes: 0 })
  }
  return starts

  function withClockChange(start: PlannedStart): PlannedStart {
    const before = offset
    offset = offsetMinutes(start.startsAt, schedule.timeZone)
    return { ...start, clockChangeMinutes: offset - before }
  }
}
