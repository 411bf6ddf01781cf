import { z } from 'zod'
import { instantOf, wallTimeOf } from './wall-time'

/** When no scheduled run begins: on these weekdays (0 is Sunday), from one wall-clock time until another in the plan's zone. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter times such as 08:00.')

export const blackoutSchema = z.object({
  days: z.array(z.int().min(0).max(6)).min(1, 'Choose at least one weekday for each blackout.').max(7),
  from: clockTime,
  /** earlier than `from`, or the same: on the next day */
  until: clockTime,
})
export type Blackout = z.infer<typeof blackoutSchema>

export const blackoutsSchema = z.array(blackoutSchema).max(20, 'At most 20 blackouts.')

/** As a run moves from one blackout into the next; more than a week of them leaves no time at all. */
const mostMoves = 60

/** The first moment at or after `at` that lies in no blackout; null: there is none. */
export function afterBlackouts(blackouts: Blackout[], timeZone: string, at: Date): Date | null {
  let moment = at
  for (let moves = 0; moves < mostMoves; moves++) {
    const end = endOfBlackout(blackouts, timeZone, moment)
    if (!end) return moment
    moment = end
  }
  return null
}

/** When the blackout ends that a moment lies in; null: it lies in none. */
export function endOfBlackout(blackouts: Blackout[], timeZone: string, at: Date): Date | null {
  if (blackouts.length === 0) return null
  const { year, month, day } = wallTimeOf(at, timeZone)
  const ends = [-1, 0].flatMap((offset) => {
    const date = new Date(Date.UTC(year, month - 1, day + offset))
    return blackouts
      .filter(({ days }) => days.includes(date.getUTCDay()))
      .map(({ from, until }) => ({
        begin: momentOf(date, from, timeZone, 0),
        end: momentOf(date, until, timeZone, until <= from ? 1 : 0),
      }))
      .filter(({ begin, end }) => begin <= at && at < end)
      .map(({ end }) => end.getTime())
  })
  return ends.length > 0 ? new Date(Math.max(...ends)) : null
}

function momentOf(date: Date, clock: string, timeZone: string, moreDays: number): Date {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate() + moreDays]
  return instantOf({ year, month, day, hour, minute }, timeZone)
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `Mon, Tue, 08:00 to 18:00`, `Sat, 22:00 to 06:00 the next day` */
export function describeBlackout({ days, from, until }: Blackout): string {
  const names = days.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).map((day) => dayNames[day])
  const which = days.length === 7 ? 'every day' : names.join(', ')
  return `${which}, ${from} to ${until}${until <= from ? ' the next day' : ''}`
}
