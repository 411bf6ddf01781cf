import { instantOf, wallTimeOf } from '@/core/plans/wall-time'

/** When digests are due. Pure. */

export type DigestSchedule = { digest: 'never' | 'daily' | 'weekly'; digestHour: number; timeZone: string }

const dayMilliseconds = 86_400_000
/** After an outage a digest that is half a day late is of no use any more; the next one tells the same. */
const latestMilliseconds = dayMilliseconds / 2

/** The digest that is due now, or null: the day that names it (made once), and what it covers. Weekly ones come on Mondays. */
export function dueDigest(schedule: DigestSchedule, now: Date): { day: string; from: Date; until: Date } | null {
  if (schedule.digest === 'never') return null
  const { year, month, day } = wallTimeOf(now, schedule.timeZone)
  const date = new Date(Date.UTC(year, month - 1, day))
  if (schedule.digest === 'weekly' && date.getUTCDay() !== 1) return null
  const until = instantOf({ year, month, day, hour: schedule.digestHour, minute: 0 }, schedule.timeZone)
  const late = now.getTime() - until.getTime()
  if (late < 0 || late > latestMilliseconds) return null
  const days = schedule.digest === 'weekly' ? 7 : 1
  return { day: date.toISOString().slice(0, 10), from: new Date(until.getTime() - days * dayMilliseconds), until }
}
