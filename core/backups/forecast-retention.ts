import { runsAfter } from '@/core/plans/schedule'
import type { ListedBackup } from './read-kept-backups'
import { mostPerRun, type RetentionRule, unkept } from './retention'
import { bucketsOf } from './retention-buckets'

const dayMilliseconds = 86_400_000

/** What lies on the remote at the end of one day to come. */
export type ForecastDay = { at: Date; backups: number; bytes: number }

/**
 * The days to come, if each planned run makes a good backup of `bytesEach`: what retention will have left at the end of each,
 * at the pace at which it removes. Pure.
 */
export function forecastRetention({
  backups,
  rule,
  cron,
  timeZone,
  bytesEach,
  now,
  days,
}: {
  backups: ListedBackup[]
  rule: RetentionRule
  cron: string
  timeZone: string
  bytesEach: number
  now: Date
  days: number
}): ForecastDay[] {
  const forecast: ForecastDay[] = []
  const runs = runsAfter(cron, timeZone, now)
  let next = runs.next().value as Date
  let kept = backups
  let sequence = Math.max(0, ...backups.map((backup) => backup.sequence))
  for (let day = 1; day <= days; day++) {
    const at = new Date(now.getTime() + day * dayMilliseconds)
    const made: ListedBackup[] = []
    for (; next <= at; next = runs.next().value as Date) {
      sequence++
      const buckets = bucketsOf(next, timeZone)
      made.push({
        id: `run ${sequence}`,
        sequence,
        at: next,
        buckets,
        bytes: bytesEach,
        pinned: false,
        busy: false,
        uncopied: false,
      })
    }
    kept = [...kept, ...made]
    const gone = new Set(unkept(kept, rule, at).slice(0, mostPerRun * made.length))
    kept = kept.filter(({ id }) => !gone.has(id))
    forecast.push({ at, backups: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) })
  }
  return forecast
}
