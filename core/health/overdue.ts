import { nextRun } from '@/core/plans/schedule'
import { type Schedule, startOf } from '@/core/plans/start-time'

/** What a plan promises, as its row has it. */
export type ScheduleFacts = Schedule & {
  /** nothing before it is missed: set when the plan is made, resumed or its schedule edited */
  scheduledFrom: Date
  /** so long after a run was to begin its good backup may be missing */
  graceSeconds: number
  /** a run that goes on for longer is ended, so nobody waits for it any more */
  durationLimitSeconds: number
}

/** When a run was to begin, and when it did. */
export type RunTimes = { plannedAt: Date | null; startedAt: Date | null }

/**
 * The planned time whose good backup is overdue, or null. Judged by the schedule and the newest good backup alone, so that it
 * holds when no run was ever made: the scheduler dead, Redis lost, the worker gone, the control plane asleep.
 *
 * It does not flap: a run that began in time and still goes on is waited for; once overdue, nothing but a good backup ends it,
 * a catch-up under way neither. Times that lie in the future, noted while a clock was wrong, prove nothing.
 */
export function overdueSince(
  plan: ScheduleFacts,
  newestGood: RunTimes | null,
  underWay: RunTimes | null,
  now: Date,
): Date | null {
  const graceMilliseconds = plan.graceSeconds * 1000
  const latestBelievable = now.getTime() + graceMilliseconds
  const from = isBelievable(plan.scheduledFrom, latestBelievable) ? plan.scheduledFrom : new Date(0)
  const covered = newestGood && coveredUpTo(newestGood, latestBelievable)
  const dueAt = nextRun(plan.cron, plan.timeZone, later(from, covered))
  // blackouts and the random spread are no lateness
  if (!dueAt || startOf(plan, dueAt).getTime() + graceMilliseconds > now.getTime()) return null
  return underWay && isWaitedFor(plan, underWay, dueAt, now) ? null : dueAt
}

/** A backup holds what was there when it began: it serves every time that was planned until then. */
function coveredUpTo({ plannedAt, startedAt }: RunTimes, latestBelievable: number): Date | null {
  const times = [plannedAt, startedAt].filter((time) => time !== null && isBelievable(time, latestBelievable))
  return times.reduce((latest, time) => later(time ?? new Date(0), latest), null)
}

function isWaitedFor(plan: ScheduleFacts, run: RunTimes, dueAt: Date, now: Date): boolean {
  const startedAt = run.startedAt?.getTime()
  if (startedAt === undefined) return false
  const grace = plan.graceSeconds * 1000
  const beganInTime =
    Math.max(startedAt, run.plannedAt?.getTime() ?? 0) >= dueAt.getTime() &&
    startedAt <= startOf(plan, dueAt).getTime() + grace
  return beganInTime && now.getTime() <= startedAt + plan.durationLimitSeconds * 1000 + grace
}

function isBelievable(time: Date, latestBelievable: number): boolean {
  return time.getTime() <= latestBelievable
}

function later(a: Date, b: Date | null): Date {
  return b && b > a ? b : a
}
