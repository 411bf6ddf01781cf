import { nextRun } from '@/core/plans/schedule'
import type { ProblemFacts } from '@/protocol/problem'

/** How far the copies on one of a plan's further remotes follow its backups. */
export type CopyFacts = {
  remote: { id: string; name: string }
  /** when the newest backup that it holds was found to be there */
  copiedAt: Date | null
  /** since when the first backup that it lacks could be there; null: it holds the newest */
  behindSince: Date | null
  /** of the last try, where that failed */
  problem: ProblemFacts | null
  isUnderWay: boolean
}

export type CopyPlan = { name: string; cron: string; timeZone: string; graceSeconds: number; copies: CopyFacts[] }
type Verdict = { isRisk: boolean; text: string }

/**
 * What there is to say of a plan's copies. Pure. A copy follows its backup when its worker finds the time, which is no lateness; one
 * that is not there when the next backup, and the plan's grace with it, has come is a risk: whoever wants two copies has one.
 */
export function judgeCopies(plan: CopyPlan, now: Date): Verdict[] {
  return plan.copies.flatMap((copy): Verdict[] => {
    if (!copy.behindSince) return []
    const why = copy.problem ? `: ${copy.problem.text}` : '.'
    const names = `“${plan.name}” on “${copy.remote.name}”`
    if (isLate(plan, copy, now)) {
      const meanwhile = copy.isUnderWay ? ' It is being copied.' : ''
      return [
        {
          isRisk: true,
          text: `The second copy of ${names} is behind since ${minuteOf(copy.behindSince)}${why}${meanwhile}`,
        },
      ]
    }
    return copy.problem ? [{ isRisk: false, text: `The last try to make a second copy of ${names} failed${why}` }] : []
  })
}

/** It lacks a backup for longer than the time between two runs, and the plan's grace. */
export function isLate(
  { cron, timeZone, graceSeconds }: CopyPlan,
  { behindSince: since }: Pick<CopyFacts, 'behindSince'>,
  now: Date,
): boolean {
  if (!since) return false
  const first = nextRun(cron, timeZone, since)
  const second = first && nextRun(cron, timeZone, first)
  if (!first || !second) return false
  return now.getTime() > since.getTime() + (second.getTime() - first.getTime()) + graceSeconds * 1000
}

/** `23 Nov 02:00 UTC` */
export function minuteOf(at: Date): string {
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return `${day} ${at.toISOString().slice(11, 16)} UTC`
}
