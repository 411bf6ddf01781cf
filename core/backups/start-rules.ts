import { endOfBlackout } from '@/core/plans/blackouts'
import { scheduleOf } from '@/core/plans/plan-columns'
import { startOf } from '@/core/plans/start-time'
import type { Backup, Plan } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'

/** Why a scheduled run that has not begun by now never will: its window is over. null: it still may. */
export function missedWindow(plan: Plan, plannedAt: Date, now: Date): ProblemFacts | null {
  const { startWindowMinutes } = plan
  if (startWindowMinutes === null) return null
  const end = startOf(scheduleOf(plan), plannedAt).getTime() + startWindowMinutes * 60_000
  if (now.getTime() <= end) return null
  return {
    code: 'window-missed',
    text: `It did not begin within the ${startWindowMinutes} minutes in which this plan lets a run start.`,
    action: 'Look whether the worker runs, and what it was busy with at that time; or widen the window of the plan.',
  }
}

/** A scheduled run begins in no blackout, also when it waited until then. What a person asks for is not held up. */
export function isBlackedOut(backup: Pick<Backup, 'kind'>, plan: Plan, now: Date): boolean {
  const { blackouts, timeZone } = scheduleOf(plan)
  return backup.kind === 'scheduled' && endOfBlackout(blackouts, timeZone, now) !== null
}
