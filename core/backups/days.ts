/** A day as people name it: `2026-11-25`. When it begins depends on the time zone. */

const minuteMilliseconds = 60_000
const hourMilliseconds = 60 * minuteMilliseconds
const dayMilliseconds = 24 * hourMilliseconds

/** The first minute of a day, also where the clock skips midnight. Zones lie between 14 hours before and 12 after UTC. */
export function startOfDay(day: string, timeZone: string): Date {
  const dayOf = dayReader(timeZone)
  let before = Date.parse(day) - 15 * hourMilliseconds
  let minutes = 28 * 60
  while (minutes > 1) {
    const half = Math.floor(minutes / 2)
    if (dayOf(new Date(before + half * minuteMilliseconds)) < day) {
      before += half * minuteMilliseconds
      minutes -= half
    } else minutes = half
  }
  return new Date(before + minuteMilliseconds)
}

/** A function that tells the day of a moment: made once, as making it takes longer than asking it. */
export function dayReader(timeZone: string): (at: Date) => string {
  // Canada writes dates as ISO 8601 does
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (at) => format.format(at)
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * dayMilliseconds).toISOString().slice(0, 10)
}
