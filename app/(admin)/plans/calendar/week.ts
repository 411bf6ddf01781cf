import { instantOf, wallTimeOf } from '@/core/plans/wall-time'

/** The seven days from a Monday on, in a zone. A day of a change of the clock has 23 or 25 hours. */
export type Week = { from: Date; until: Date; days: { begin: Date; end: Date }[]; previous: string; next: string }

/** `monday` as 2027-03-01; anything else, and any other day, gives the week that it or `now` lies in. */
export function weekOf(monday: string | undefined, timeZone: string, now: Date): Week {
  const today = wallTimeOf(now, timeZone)
  const asked = /^\d{4}-\d\d-\d\d$/.test(monday ?? '') ? new Date(`${monday}T00:00:00Z`) : null
  const isReadable = asked && Math.abs(asked.getTime() - now.getTime()) < 400 * 86_400_000
  const date = isReadable ? asked : new Date(Date.UTC(today.year, today.month - 1, today.day))
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  const midnight = (offset: number) =>
    instantOf(
      {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate() + offset,
        hour: 0,
        minute: 0,
      },
      timeZone,
    )
  const nameOf = (offset: number) => new Date(date.getTime() + offset * 86_400_000).toISOString().slice(0, 10)
  const days = Array.from({ length: 7 }, (_, day) => ({ begin: midnight(day), end: midnight(day + 1) }))
  return { from: midnight(0), until: midnight(7), days, previous: nameOf(-7), next: nameOf(7) }
}
