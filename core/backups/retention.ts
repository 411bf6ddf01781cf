import type { Buckets } from './retention-buckets'

/** A good backup of one plan on one remote, as retention sees it. */
export type KeptBackup = {
  id: string
  /** the database's order; clocks do not count */
  sequence: number
  /** the time it stands for: when it was planned, else when it began */
  at: Date
  /** of `at`, in the plan's zone */
  buckets: Buckets
  pinned: boolean
  /** read by a restore, or being deleted already */
  busy: boolean
  /** still to be copied to another remote of its plan */
  uncopied: boolean
}

/**
 * How long backups are kept. A backup stays if any rule keeps it; 0 turns a rule off. With all of them off everything stays:
 * an empty policy never deletes.
 */
export type RetentionRule = {
  /** the newest so many */
  keepLast: number
  /** those of the so many days before the newest */
  keepDays: number
  /** the newest of each of the latest so many days, weeks, months and years that have one */
  keepDaily: number
  keepWeekly: number
  keepMonthly: number
  keepYearly: number
  /** the floor: the newest so many stay whatever the rules say; at least one does */
  keepAtLeast: number
}

export type KeepReason = 'pinned' | 'busy' | 'uncopied' | 'everything' | 'atLeast' | 'last' | 'days' | keyof Buckets

export type RetentionInput = {
  /** good backups only: foreign ones, safety backups and those that failed neither count nor are touched here */
  backups: KeptBackup[]
  rule: RetentionRule
  now: Date
  /** the shrink guard stands */
  held: boolean
  /** a worker's clock and ours differ by five minutes or more */
  clocksDisagree: boolean
  /** sequence of the newest backup that the last deletion counted with; 0: there was none */
  countedUpTo: number
}

const dayMilliseconds = 86_400_000

/** Each new backup usually takes the place of one, and one more may go: a backlog drains slowly, and is never rotated out at once. */
export const mostPerRun = 2

/**
 * Which backups to delete: those that no rule keeps, oldest first, two at most. Pure. Never the newest, nor anything pinned, nor
 * anything when retention stands still; and where nothing new came in, nothing goes.
 */
export function chooseDeletions(input: RetentionInput): string[] {
  const newest = Math.max(...input.backups.map(({ sequence }) => sequence))
  if (input.held || input.clocksDisagree || newest <= input.countedUpTo) return []
  return unkept(input.backups, input.rule, input.now).slice(0, mostPerRun)
}

/** All that no rule keeps, oldest first: what goes sooner or later, unless it is pinned before. */
export function unkept(backups: KeptBackup[], rule: RetentionRule, now: Date): string[] {
  const reasons = reasonsToKeep(backups, rule, now)
  return backups
    .filter(({ id }) => reasons.get(id)?.length === 0)
    .sort((a, b) => a.sequence - b.sequence)
    .map(({ id }) => id)
}

/** Every reason why a backup stays, by its id; none: it may go. */
export function reasonsToKeep(backups: KeptBackup[], rule: RetentionRule, now: Date): Map<string, KeepReason[]> {
  const newestFirst = backups.toSorted((a, b) => b.sequence - a.sequence)
  const reasons = new Map(newestFirst.map(({ id }) => [id, [] as KeepReason[]]))
  const keep = (kept: KeptBackup[], reason: KeepReason) => {
    for (const { id } of kept) reasons.get(id)?.push(reason)
  }
  keep(
    newestFirst.filter(({ pinned }) => pinned),
    'pinned',
  )
  keep(
    newestFirst.filter(({ busy }) => busy),
    'busy',
  )
  keep(
    newestFirst.filter(({ uncopied }) => uncopied),
    'uncopied',
  )
  if (keepsEverything(rule)) keep(newestFirst, 'everything')
  else {
    keep(newestFirst.slice(0, rule.keepLast), 'last')
    keep(withinDays(newestFirst, rule.keepDays, now), 'days')
    keep(newestOfEach('daily', newestFirst, rule.keepDaily), 'daily')
    keep(newestOfEach('weekly', newestFirst, rule.keepWeekly), 'weekly')
    keep(newestOfEach('monthly', newestFirst, rule.keepMonthly), 'monthly')
    keep(newestOfEach('yearly', newestFirst, rule.keepYearly), 'yearly')
  }
  keep(newestFirst.slice(0, Math.max(1, rule.keepAtLeast)), 'atLeast')
  return reasons
}

/** No rule is on, or one is no number that a person can have meant. */
export function keepsEverything(rule: RetentionRule): boolean {
  const { keepLast, keepDays, keepDaily, keepWeekly, keepMonthly, keepYearly } = rule
  const counts = [keepLast, keepDays, keepDaily, keepWeekly, keepMonthly, keepYearly]
  return counts.every((count) => count === 0) || counts.some((count) => !Number.isInteger(count) || count < 0)
}

/** As of the newest backup: a plan that stands still, or a clock that leapt ahead, never empties the remote. */
function withinDays(newestFirst: KeptBackup[], days: number, now: Date): KeptBackup[] {
  const [newest] = newestFirst
  if (!newest || days === 0) return []
  const reference = Math.min(now.getTime(), newest.at.getTime())
  return newestFirst.filter(({ at }) => at.getTime() >= reference - days * dayMilliseconds)
}

/** By the database's order: of a bucket that a clock set back was in twice, the later written one stays. */
function newestOfEach(bucket: keyof Buckets, newestFirst: KeptBackup[], count: number): KeptBackup[] {
  const kept = new Map<string, KeptBackup>()
  for (const backup of newestFirst) {
    const name = backup.buckets[bucket]
    if (kept.size < count && !kept.has(name)) kept.set(name, backup)
  }
  return [...kept.values()]
}
