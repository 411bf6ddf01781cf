/** A date and time as a clock on the wall shows it; `day` may run over the month's end. */
export type WallTime = { year: number; month: number; day: number; hour: number; minute: number }

const minuteMilliseconds = 60_000
const dayMilliseconds = 86_400_000

/** What the clock shows at a moment in an IANA zone. */
export function wallTimeOf(at: Date, timeZone: string): WallTime {
  const wall = new Date(wallClockOf(at, timeZone))
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate()]
  return { year, month, day, hour: wall.getUTCHours(), minute: wall.getUTCMinutes() }
}

/** The moment at which the clock shows a time; one that a change of the clock skips lies after it, one that comes twice is the first. */
export function instantOf({ year, month, day, hour, minute }: WallTime, timeZone: string): Date {
  const [instant] = instantsOf(Date.UTC(year, month - 1, day, hour, minute), timeZone, false).instants
  return new Date(instant ?? Number.NaN)
}

/** What the clock shows at a moment, in milliseconds as if it were UTC. */
export function wallClockOf(at: Date, timeZone: string): number {
  return at.getTime() + offsetMinutes(at, timeZone) * minuteMilliseconds
}

/**
 * The moments that a planned time of the wall clock (in milliseconds as if it were UTC) stands for: one as a rule. One that a
 * change of the clock skips lies as much later as the clock was put forward; of two that look the same only the first counts.
 * With `asHoursPass` a skipped one stands for none, and both count. No later time of the wall clock stands for one up to `settled`.
 */
export function instantsOf(
  wall: number,
  timeZone: string,
  asHoursPass: boolean,
): { instants: number[]; settled: number } {
  const offsetAt = (at: number) => offsetMinutes(new Date(at), timeZone) * minuteMilliseconds
  const before = offsetAt(wall - dayMilliseconds)
  const after = offsetAt(wall + dayMilliseconds)
  const settled = wall - Math.max(before, after)
  if (before === after) return { instants: [settled], settled }
  const real = [before, after].filter((offset) => offsetAt(wall - offset) === offset).map((offset) => wall - offset)
  if (asHoursPass) return { instants: real, settled }
  return { instants: [real[0] ?? wall - before], settled }
}

/** No zone changes its clock within a quarter of an hour. */
const slotMilliseconds = 15 * minuteMilliseconds
const mostSlots = 20_000
const offsets = new Map<string, { format: Intl.DateTimeFormat; bySlot: Map<number, number> }>()

/** Minutes that the zone is ahead of UTC at a moment. What was asked is kept, as Intl takes its time. */
export function offsetMinutes(at: Date, timeZone: string): number {
  const zone = zoneOf(timeZone)
  const slot = Math.floor(at.getTime() / slotMilliseconds)
  const known = zone.bySlot.get(slot)
  if (known !== undefined) return known
  if (zone.bySlot.size >= mostSlots) zone.bySlot.clear()
  const offset = (readClock(zone.format, slot * slotMilliseconds) - slot * slotMilliseconds) / minuteMilliseconds
  zone.bySlot.set(slot, offset)
  return offset
}

function zoneOf(timeZone: string) {
  let zone = offsets.get(timeZone)
  if (!zone) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
    const format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...numeric })
    zone = { format, bySlot: new Map() }
    offsets.set(timeZone, zone)
  }
  return zone
}

/** What the clock shows, as if it were UTC. */
function readClock(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
}
