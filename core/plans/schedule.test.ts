import { CronExpressionParser } from 'cron-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '@/protocol/problem'
import { assertCron, assertTimeZone, describeCron, latestDue, nextRun, nextRuns, runsOnDay } from './schedule'

const chicago = 'America/Chicago'
const minute = 60_000
const at = (text: string) => new Date(text)
const runs = (cron: string, zone: string, from: string, count: number) =>
  nextRuns(cron, zone, at(from), count).map((run) => run.toISOString().slice(0, 16))

const zones = fc.constantFrom(
  ...[
    chicago,
    'UTC',
    'Europe/Berlin',
    'Africa/Cairo',
    'America/Santiago',
    'Asia/Kolkata',
    'America/Havana',
    'Asia/Beirut',
  ],
)
const crons = fc.oneof(
  fc.constantFrom(
    '*/15 * * * *',
    '0 * * * *',
    '30 */2 * * *',
    '0 1,2,3 * * *',
    '15 0,12 * * 0',
    '0 0 31 * *',
    '0 3 * * 1-5',
    '0 0 L * *',
  ),
  fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 })).map(([m, h]) => `${m} ${h} * * *`),
)
// more often than not in the weeks when clocks change
const moments = fc.oneof(
  fc.date({ min: at('2026-01-01T00:00:00Z'), max: at('2031-01-01T00:00:00Z'), noInvalidDate: true }),
  ...[
    '2027-03-14',
    '2027-11-07',
    '2027-03-28',
    '2027-10-31',
    '2027-04-04',
    '2027-10-03',
    '2027-04-30',
    '2027-10-29',
  ].map((day) =>
    fc
      .integer({ min: -36 * 60, max: 36 * 60 })
      .map((minutes) => new Date(at(`${day}T00:00:00Z`).getTime() + minutes * 60_000)),
  ),
)

/** Days when clocks change: at midnight, at one, at two, over midnight, by half an hour and by two. */
const changesOfClock = fc.constantFrom(
  ...(
    [
      ['Africa/Cairo', '2027-04-30', '2027-10-29'],
      ['Asia/Beirut', '2027-03-28', '2027-10-31'],
      ['America/Havana', '2027-03-14', '2027-11-07'],
      ['America/Santiago', '2027-09-05', '2027-04-04'],
      ['America/Asuncion', '2023-10-01', '2023-03-26'],
      ['Atlantic/Azores', '2027-03-28', '2027-10-31'],
      ['America/Nuuk', '2027-03-28', '2027-10-31'],
      ['Australia/Lord_Howe', '2027-10-03', '2027-04-04'],
      ['Antarctica/Troll', '2027-03-28', '2027-10-31'],
      [chicago, '2027-03-14', '2027-11-07'],
    ] as const
  ).flatMap(([zone, ...days]) => days.map((day): [string, string] => [zone, day])),
)

/** The rule once more, by patience instead of arithmetic: each minute that passes is held against the schedule. */
function watchedRuns(cron: string, timeZone: string, from: number, until: number): number[] {
  const { fields } = CronExpressionParser.parse(cron)
  const clock = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const shown = (moment: number) => at(`${clock.format(moment).replace(' ', 'T')}:00Z`).getTime()
  const isPlanned = (wall: number) =>
    fields.minute.values.includes(new Date(wall).getUTCMinutes() as never) &&
    fields.hour.values.includes(new Date(wall).getUTCHours() as never) &&
    runsOnDay(cron, new Date(wall).toISOString().slice(0, 10))
  const isHourly = fields.hour.values.length === 24
  const found = new Set<number>()
  const begin = from - 4 * 3_600_000
  let latest = shown(begin) - minute
  for (let moment = begin; moment <= until; moment += minute) {
    const wall = shown(moment)
    const skipped = Math.max(0, wall - latest - minute)
    for (let gone = wall - skipped; gone < wall && !isHourly; gone += minute)
      if (isPlanned(gone)) found.add(moment + gone - (wall - skipped))
    if ((wall > latest || isHourly) && isPlanned(wall)) found.add(moment)
    latest = Math.max(latest, wall)
  }
  return [...found].filter((moment) => moment > from && moment <= until).sort((a, b) => a - b)
}

describe('the next runs of a plan', () => {
  it('keeps the hour of the wall clock over both changes of the clock', () => {
    expect(runs('0 0 * * *', chicago, '2027-03-13T12:00:00Z', 3)).toEqual([
      '2027-03-14T06:00',
      '2027-03-15T05:00',
      '2027-03-16T05:00',
    ])
    expect(runs('0 0 * * *', chicago, '2027-11-06T12:00:00Z', 3)).toEqual([
      '2027-11-07T05:00',
      '2027-11-08T06:00',
      '2027-11-09T06:00',
    ])
  })

  it('runs once, after the gap, on the night when 02:30 does not exist', () => {
    expect(runs('30 2 * * *', chicago, '2027-03-13T12:00:00Z', 2)).toEqual(['2027-03-14T08:30', '2027-03-15T07:30'])
  })

  it('runs once on the night when 01:30 comes twice, also when asked between the two', () => {
    const expected = ['2027-11-07T06:30', '2027-11-08T07:30']
    expect(runs('30 1 * * *', chicago, '2027-11-06T12:00:00Z', 2)).toEqual(expected)
    expect(runs('30 1 * * *', chicago, '2027-11-07T06:45:00Z', 1)).toEqual(['2027-11-08T07:30'])
  })

  it('drops no run where the clock skips midnight, or the last hour of a day', () => {
    expect(runs('0 0 * * *', 'Africa/Cairo', '2027-04-29T12:00:00Z', 2)).toEqual([
      '2027-04-29T22:00',
      '2027-04-30T21:00',
    ])
    expect(runs('0 0 30 4 *', 'Africa/Cairo', '2027-04-29T12:00:00Z', 1)).toEqual(['2027-04-29T22:00'])
    expect(runs('30 23 * * 6', 'America/Nuuk', '2027-03-27T12:00:00Z', 1)).toEqual(['2027-03-28T01:30'])
    expect(latestDue('0 0 * * *', 'Africa/Cairo', at('2027-04-29T12:00:00Z'), at('2027-04-29T22:00:00Z'))).toEqual(
      at('2027-04-29T22:00:00Z'),
    )
  })

  it('is what somebody who watches the clock on the wall minute by minute would run', () => {
    fc.assert(
      fc.property(crons, changesOfClock, fc.integer({ min: -40, max: 40 }), (cron, [zone, day], hours) => {
        const from = at(`${day}T00:00:00Z`).getTime() + hours * 3_600_000
        const expected = watchedRuns(cron, zone, from, from + 40 * 3_600_000)
        expect(nextRuns(cron, zone, new Date(from), expected.length).map(Number)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('knows leap days and months without a 31st', () => {
    expect(runs('0 0 29 2 *', 'UTC', '2027-01-01T00:00:00Z', 2)).toEqual(['2028-02-29T00:00', '2032-02-29T00:00'])
    expect(runs('0 0 31 * *', 'UTC', '2027-01-01T00:00:00Z', 3)).toEqual([
      '2027-01-31T00:00',
      '2027-03-31T00:00',
      '2027-05-31T00:00',
    ])
  })

  it('is one chain, wherever it is entered', () => {
    fc.assert(
      fc.property(crons, zones, moments, (cron, zone, from) => {
        const chain = nextRuns(cron, zone, from, 6)
        expect(chain.every((run, index) => run > (index ? (chain[index - 1] as Date) : from))).toBe(true)
        for (const [index, run] of chain.slice(0, -1).entries())
          expect(nextRuns(cron, zone, run, 1)).toEqual([chain[index + 1]])
      }),
      { numRuns: 50 },
    )
  })
})

it('remembers what it found of a schedule, and never answers differently for it', () => {
  fc.assert(
    fc.property(crons, zones, fc.array(moments, { maxLength: 4 }), (cron, zone, froms) => {
      const around = froms.flatMap((from) => [
        from,
        new Date(from.getTime() + 60_000),
        new Date(from.getTime() - 60_000),
      ])
      for (const from of around) expect(nextRun(cron, zone, from)).toEqual(nextRuns(cron, zone, from, 1)[0])
    }),
    { numRuns: 50 },
  )
})

it('tells of a day whether a run is planned on it, just as the chain of runs does', () => {
  const dailies = fc.constantFrom(
    '0 12 * * *',
    '0 12 31 * *',
    '0 12 L * *',
    '0 12 * * 1-5',
    '0 12 1,15 * 0',
    '0 12 * 2 7',
  )
  fc.assert(
    fc.property(dailies, moments, (cron, moment) => {
      const day = moment.toISOString().slice(0, 10)
      const next = nextRuns(cron, 'UTC', at(`${day}T00:00:00Z`), 1)[0]
      expect(runsOnDay(cron, day)).toBe(next?.toISOString().slice(0, 10) === day)
    }),
  )
})

describe('what is due', () => {
  it('is never in the future, never at or before the time it counts from, and always the latest', () => {
    fc.assert(
      fc.property(crons, zones, moments, fc.integer({ min: 0, max: 40 * 24 * 60 }), (cron, zone, after, minutes) => {
        const now = new Date(after.getTime() + minutes * 60_000)
        const due = latestDue(cron, zone, after, now)
        expect(due === null || (due > after && due <= now)).toBe(true)
        expect(nextRuns(cron, zone, due ?? after, 1)[0]?.getTime()).toBeGreaterThan(now.getTime())
      }),
    )
  })

  it('gives one catch-up run after an outage of weeks, and none when nothing was planned', () => {
    expect(latestDue('0 0 * * *', 'UTC', at('2027-01-01T00:00:00Z'), at('2027-02-10T12:00:00Z'))).toEqual(
      at('2027-02-10T00:00:00Z'),
    )
    expect(latestDue('0 0 1 1 *', 'UTC', at('2027-01-01T00:00:00Z'), at('2027-12-31T00:00:00Z'))).toBeNull()
  })

  it('is due at the very moment, and in the minute of the gap', () => {
    expect(latestDue('0 0 * * *', 'UTC', at('2027-01-01T00:00:00Z'), at('2027-01-02T00:00:00Z'))).toEqual(
      at('2027-01-02T00:00:00Z'),
    )
    expect(latestDue('30 2 * * *', chicago, at('2027-03-13T09:00:00Z'), at('2027-03-14T12:00:00Z'))).toEqual(
      at('2027-03-14T08:30:00Z'),
    )
  })

  it('does not run the hour that comes twice a second time', () => {
    expect(latestDue('30 1 * * *', chicago, at('2027-11-07T06:30:00Z'), at('2027-11-07T20:00:00Z'))).toBeNull()
  })
})

describe('a wrong schedule', () => {
  const faultOf = (cron: string) => {
    try {
      assertCron(cron)
    } catch (error) {
      if (error instanceof Problem) return `${error.code}: ${error.message}`
      throw error
    }
    return null
  }

  it.each([
    ['', 'five fields'],
    ['0 0 * *', 'has 4'],
    ['0 0 0 * * *', 'has 6'],
    ['60 * * * *', 'minute'],
    ['0 24 * * *', 'hour'],
    ['0 0 32 * *', 'day of the month'],
    ['0 0 * 13 *', 'month'],
    ['0 0 * * 8', 'day of the week'],
    ['0 0 * * FOO', 'day of the week'],
    ['H 0 * * *', 'minute'],
    ['@daily * * * *', 'minute'],
    ['5-1 * * * *', 'minute'],
    ['*/0 * * * *', 'minute'],
    ['0 0 31 2 *', 'never comes'],
    ['* * * * *', 'every 15 minutes'],
    ['*/10 * * * *', 'every 15 minutes'],
    ['0,55 * * * *', 'every 15 minutes'],
  ])('“%s” is refused in plain words', (cron, words) => {
    expect(faultOf(cron)).toContain('invalid-cron')
    expect(faultOf(cron)).toContain(words)
  })

  it.each([
    '0 0 * * *',
    '*/15 * * * *',
    '0,55 0 * * *',
    '0 2 1,15 * *',
    '0 0 L * *',
    '0 3 * JAN-MAR MON-FRI',
    '0 0 * * 7',
  ])('“%s” is taken', (cron) => expect(faultOf(cron)).toBeNull())

  it('never makes anything but a Problem out of any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void faultOf(text)))
    fc.assert(fc.property(fc.stringMatching(/^[0-9*,/LHWa-f -]{0,30}$/), (text) => void faultOf(text)))
  })
})

describe('time zones', () => {
  it.each(['America/Chicago', 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe'])('%s is known', (zone) => {
    expect(() => assertTimeZone(zone)).not.toThrow()
  })
  it.each(['', 'Mars/Olympus', '+06:00', 'America/Chicago '])('“%s” is not', (zone) => {
    expect(() => assertTimeZone(zone)).toThrow(Problem)
  })
})

it('says schedules in words', () => {
  expect(describeCron('0 0 * * *')).toBe('At 00:00, every day')
  expect(describeCron('*/15 * * * *')).toBe('Every 15 minutes')
  expect(describeCron('30 2 * * 0')).toBe('At 02:30, only on Sunday')
})
