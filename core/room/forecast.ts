/** When an account will be full, by how full it was. Pure. */

/** One a day, in their order. */
export type RoomSample = { at: Date; usedBytes: number; quotaBytes: number }
export type RoomForecast = { bytesPerDay: number; daysLeft: number }
export type RoomVerdict = RoomForecast & { severity: 'warning' | 'critical' }

const dayMilliseconds = 86_400_000
/** What lies further back says little of what is to come. */
const windowDays = 28
const fewestSamples = 7
const shortestSpanDays = 7
/** What is further ahead is no forecast any more. */
const farthestDays = 365

/** It begins below the first, and ends only above the second, so that a good day in between changes nothing. */
const bounds = { warning: [30, 40], critical: [7, 10] } as const

/**
 * By the median of the slopes between all samples of the last four weeks: neither a clean-up nor one huge backup turns it. Null: too
 * little is known, it does not grow, or there is room for a year.
 */
export function forecastRoom(samples: RoomSample[], now: Date): RoomForecast | null {
  const recent = samples.filter(({ at }) => at <= now && now.getTime() - at.getTime() <= windowDays * dayMilliseconds)
  const [first, last] = [recent[0], recent.at(-1)]
  if (!first || !last || recent.length < fewestSamples) return null
  if (daysBetween(first.at, last.at) < shortestSpanDays) return null
  const bytesPerDay = medianOf(slopesOf(recent))
  if (bytesPerDay <= 0) return null
  const fullAfterDays = Math.max(0, last.quotaBytes - last.usedBytes) / bytesPerDay
  const daysLeft = Math.max(0, fullAfterDays - daysBetween(last.at, now))
  return daysLeft > farthestDays ? null : { bytesPerDay, daysLeft }
}

/**
 * Whether the forecast is worth a word now. Goes through the days in their order, as somebody would have who looked each day, and so
 * needs no memory but the samples. Null: there is room enough, or too little is known.
 */
export function judgeRoom(samples: RoomSample[], now: Date): RoomVerdict | null {
  const known = samples.filter(({ at }) => at <= now)
  let severity: RoomVerdict['severity'] | null = null
  for (const [index, { at }] of known.entries())
    severity = next(severity, forecastRoom(known.slice(0, index + 1), at)?.daysLeft ?? Number.POSITIVE_INFINITY)
  const forecast = forecastRoom(known, now)
  if (!forecast) return null
  severity = next(severity, forecast.daysLeft)
  return severity && { ...forecast, severity }
}

function next(severity: RoomVerdict['severity'] | null, daysLeft: number): RoomVerdict['severity'] | null {
  const bound = (level: RoomVerdict['severity'], isOpen: boolean) => bounds[level][isOpen ? 1 : 0]
  if (daysLeft < bound('critical', severity === 'critical')) return 'critical'
  return daysLeft < bound('warning', severity !== null) ? 'warning' : null
}

function slopesOf(samples: RoomSample[]): number[] {
  return samples.flatMap((one, index) =>
    samples.slice(index + 1).flatMap((other) => {
      const days = daysBetween(one.at, other.at)
      return days > 0 ? [(other.usedBytes - one.usedBytes) / days] : []
    }),
  )
}

function medianOf(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}

function daysBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / dayMilliseconds
}

/** `full in about 12 days` */
export function forecastInWords({ daysLeft }: RoomForecast): string {
  const days = Math.round(daysLeft)
  if (days < 1) return 'full within a day'
  return `full in about ${days === 1 ? 'a day' : `${days} days`}`
}
