import { CronExpressionParser } from 'cron-parser'
import cronstrue from 'cronstrue'
import { Problem } from '@/protocol/problem'
import { instantsOf, wallClockOf } from './wall-time'

/**
 * When a plan runs: five cron fields in an IANA time zone. Pure, and the same on the server and in the form's preview.
 *
 * On the two days a year when clocks change, a planned time that is skipped runs right after the gap, as much later as the clock
 * was put forward, and one that comes twice runs the first time only. Schedules of every hour go on as the hours really pass.
 * cron-parser reads the fields and counts along the wall clock; the zone's changes are ours, as it drops runs where a gap begins
 * or ends at midnight.
 */

/** A run takes minutes to hours, and each leaves a folder on the remote: more often than this, runs would only be skipped. */
const shortestGapMinutes = 15

const hourMilliseconds = 3_600_000
/** The wall clock is followed from so far before the moment asked for: longer than any gap, or time that comes twice. */
const leadMilliseconds = 3 * hourMilliseconds

/** The next `count` runs after `from`, in order. Throws Problem for a cron or zone that cannot be read. */
export function nextRuns(cron: string, timeZone: string, from: Date, count: number): Date[] {
  const runs: Date[] = []
  for (const run of runsAfter(cron, timeZone, from)) {
    if (runs.length >= count) break
    runs.push(run)
  }
  return runs
}

/** What was found of a schedule last: it has no run between `after` and `next`. */
const knownGaps = new Map<string, { after: Date; next: Date }>()
const mostKnownGaps = 10_000

/** The first run after `from`. Remembered from call to call: pages ask for hundreds of plans at once, again and again. */
export function nextRun(cron: string, timeZone: string, from: Date): Date | null {
  const key = `${cron} ${timeZone}`
  const known = knownGaps.get(key)
  if (known && known.after <= from && from < known.next) return known.next
  const [next] = nextRuns(cron, timeZone, from, 1)
  if (!next) return null
  if (knownGaps.size >= mostKnownGaps) knownGaps.clear()
  knownGaps.set(key, { after: from, next })
  return next
}

/**
 * The latest run later than `after` and not later than `now`: what is due, or null. Earlier ones are not caught up. `startOf`
 * says when a run may begin where that is later than planned: not before then is it due.
 */
export function latestDue(
  cron: string,
  timeZone: string,
  after: Date,
  now: Date,
  startOf: (run: Date) => Date = (run) => run,
): Date | null {
  for (const days of lookBackDays) {
    const begin = new Date(Math.max(after.getTime(), now.getTime() - days * 24 * hourMilliseconds))
    const latest = lastOf(runsAfter(cron, timeZone, begin), now, startOf)
    if (latest || begin <= after) return latest
  }
  return null
}

/** From a day, for what runs often, to the eight years between some leap days. */
const lookBackDays = [1, 8, 70, 400, 3000]

function lastOf(runs: Generator<Date>, end: Date, startOf: (run: Date) => Date): Date | null {
  let last: Date | null = null
  for (const run of runs) {
    if (run > end) break
    if (startOf(run) <= end) last = run
  }
  return last
}

/** All runs after `from`, in order, without end. Throws Problem for a cron or zone that cannot be read. */
export function* runsAfter(cron: string, timeZone: string, from: Date): Generator<Date> {
  assertTimeZone(timeZone)
  assertCron(cron)
  const begin = new Date(wallClockOf(from, timeZone) - leadMilliseconds)
  const wallClock = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: begin })
  const isOfEveryHour = fieldsOf(cron).hour.values.length === 24
  let last = from.getTime()
  let pending: number[] = []
  for (;;) {
    const { instants, settled } = instantsOf(wallClock.next().getTime(), timeZone, isOfEveryHour)
    pending = [...pending, ...instants].sort((a, b) => a - b)
    for (; pending[0] !== undefined && pending[0] <= settled; pending.shift()) {
      if (pending[0] <= last) continue
      last = pending[0]
      yield new Date(last)
    }
  }
}

/** Whether a run is planned on a day of the plan's own zone, `2026-11-23`. */
export function runsOnDay(cron: string, day: string): boolean {
  const { month, dayOfMonth, dayOfWeek } = fieldsOf(cron)
  const date = new Date(`${day}T12:00:00Z`)
  const tomorrow = new Date(date.getTime() + 24 * hourMilliseconds)
  const isLastDay = tomorrow.getUTCDate() === 1
  const fitsMonth = month.values.map(Number).includes(date.getUTCMonth() + 1)
  const fitsDay = dayOfMonth.values.some((value) => (value === 'L' ? isLastDay : Number(value) === date.getUTCDate()))
  const fitsWeekday = dayOfWeek.values.some((value) => Number(value) % 7 === date.getUTCDay())
  // as cron has it: where both are restricted, either will do
  const isEither = !dayOfMonth.isWildcard && !dayOfWeek.isWildcard
  return fitsMonth && (isEither ? fitsDay || fitsWeekday : fitsDay && fitsWeekday)
}

type CronFields = ReturnType<typeof CronExpressionParser.parse>['fields']
const knownFields = new Map<string, CronFields>()

function fieldsOf(cron: string): CronFields {
  const parsed = knownFields.get(cron) ?? CronExpressionParser.parse(cron).fields
  if (knownFields.size >= mostKnownGaps) knownFields.clear()
  knownFields.set(cron, parsed)
  return parsed
}

const fields = [
  { name: 'minute', allowed: '0 to 59' },
  { name: 'hour', allowed: '0 to 23' },
  { name: 'day of the month', allowed: '1 to 31, or L for the last day' },
  { name: 'month', allowed: '1 to 12, or JAN to DEC' },
  { name: 'day of the week', allowed: '0 to 7 (0 and 7 are Sunday), or SUN to SAT' },
] as const

const fieldPattern = /^[0-9A-Z*,/-]+$/i
const example = 'An example: “0 0 * * *” runs at midnight every day.'

/** Schedules that were found right: hundreds of plans are looked at again and again. */
const soundCrons = new Set<string>()

/** Throws Problem `invalid-cron` that says which field is at fault and what it may hold. */
export function assertCron(cron: string): void {
  if (soundCrons.has(cron)) return
  const texts = cron.trim().split(/\s+/).filter(Boolean)
  if (texts.length !== fields.length)
    throw invalidCron(
      `A schedule has five fields: minute, hour, day of the month, month, day of the week. This one has ${texts.length}.`,
    )
  texts.forEach(assertField)
  assertComes(cron, texts)
  assertNotTooOften(cron)
  if (soundCrons.size >= mostKnownGaps) soundCrons.clear()
  soundCrons.add(cron)
}

function assertField(text: string, position: number): void {
  const field = fields[position]
  // `H` is cron-parser's word for "at random": a schedule must be the same whenever it is read
  if (field && (!fieldPattern.test(text) || /(^|,)H/i.test(text) || !isReadable(text, position)))
    throw invalidCron(
      `The ${field.name} of the schedule is “${text.slice(0, 40)}”. It may be * or ${field.allowed}, with lists (1,15), ranges (1-5) and steps (*/2).`,
    )
}

function isReadable(text: string, position: number): boolean {
  try {
    CronExpressionParser.parse(fields.map((_, index) => (index === position ? text : '*')).join(' '))
    return true
  } catch {
    return false
  }
}

function assertComes(cron: string, [, , day, month]: string[]): void {
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC' }).next()
  } catch {
    throw invalidCron(`The schedule never comes: there is no day ${day} in month ${month}.`)
  }
}

function assertNotTooOften(cron: string): void {
  const { minute, hour } = CronExpressionParser.parse(cron).fields
  const minutes = minute.values.map(Number)
  const hours = hour.values.map(Number)
  const withinHour = minutes.slice(1).map((value, index) => value - (minutes[index] ?? 0))
  const hasNeighbourHours = hours.some((value) => hours.includes((value + 1) % 24))
  const acrossHours = hasNeighbourHours ? [60 + (minutes[0] ?? 0) - (minutes.at(-1) ?? 0)] : []
  if (Math.min(60, ...withinHour, ...acrossHours) < shortestGapMinutes)
    throw invalidCron(
      `The schedule runs more often than every ${shortestGapMinutes} minutes. A backup takes its time, so most of these runs would be skipped because the one before is still going.`,
    )
}

function invalidCron(text: string): Problem {
  return new Problem({ code: 'invalid-cron', text, action: example, where: 'cron' })
}

/** Throws Problem `invalid-time-zone` unless it is a name of the IANA database, such as `America/Chicago`, or `UTC`. */
export function assertTimeZone(timeZone: string): void {
  if (!isTimeZone(timeZone))
    throw new Problem({
      code: 'invalid-time-zone',
      text: `There is no time zone “${timeZone.slice(0, 60)}”.`,
      action: 'Choose one of the list, such as America/Chicago or UTC.',
      where: 'timeZone',
    })
}

export function isTimeZone(timeZone: string): boolean {
  // an offset such as +06:00 would not follow the changes of the clock
  if (!/^[A-Za-z]/.test(timeZone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}

/** The schedule as a sentence: `At 00:00, every day`, `At 02:30, only on Sunday`. Throws Problem like assertCron. */
export function describeCron(cron: string): string {
  assertCron(cron)
  const words = cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false })
  return /^At [\d:, and]+$/.test(words) ? `${words}, every day` : words
}
