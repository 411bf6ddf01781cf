import { z } from 'zod'

/** What a date field sends; null: it was left empty. */
export const optionalDaySchema = z
  .union([z.literal('').transform(() => null), z.iso.date('Give a day as year-month-day, or none.')])
  .prefault('')

/** A day holds to its end in UTC. */
export function endOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000)
}
