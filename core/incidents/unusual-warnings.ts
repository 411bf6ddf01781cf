import type { Found } from './condition'
import type { WatchedPlan } from './plan-conditions'

/** So many good backups before the newest are what is usual; with fewer than the least nothing is. */
export const mostUsual = 10
const leastUsual = 5
/** So many more than usual may always be: files come and go while they are read. */
const toleratedMore = 10

/** More warnings than the good backups before the newest had, by their median, which one bad night does not move. */
export function unusualWarnings({ paused, newestGood, warningCounts }: WatchedPlan, name: string): Found[] {
  const [count, ...before] = warningCounts
  if (paused || !newestGood || count === undefined || before.length < leastUsual) return []
  const usual = medianOf(before)
  if (count <= usual + toleranceOf(before, usual)) return []
  return [
    {
      kind: 'warnings-unusual',
      severity: 'warning',
      title: `The latest backup of ${name} has more warnings than usual`,
      text: `It has ${count}; the ${before.length} good ones before it had ${Math.round(usual)} by the median.`,
      meaning: 'What they name may be missing from this backup, or be as it was in the middle of a change.',
      action: 'Look at the list of warnings: what do they name that the earlier ones do not?',
      href: `/backups/${newestGood.id}`,
      since: newestGood.finishedAt,
    },
  ]
}

/** As much again, or four times what they usually lie apart. */
function toleranceOf(counts: number[], usual: number): number {
  const spread = medianOf(counts.map((count) => Math.abs(count - usual)))
  return Math.max(toleratedMore, usual, 4 * spread)
}

function medianOf(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}
