import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterBlackouts, type Blackout, describeBlackout, endOfBlackout } from './blackouts'
import { planInputSchema } from './schema'
import { latestDueOf, nextStarts, type Schedule, startOf } from './start-time'
import { instantOf, wallTimeOf } from './wall-time'

const chicago = 'America/Chicago'
const at = (text: string) => new Date(text)
const officeHours: Blackout = { days: [1, 2, 3, 4, 5], from: '08:00', until: '18:00' }
const schedule: Schedule = { id: 'plan-1', cron: '0 * * * *', timeZone: chicago, spreadMinutes: 0, blackouts: [] }

const zones = fc.constantFrom(chicago, 'UTC', 'Europe/Berlin', 'America/Santiago', 'Asia/Kolkata')
const moments = fc
  .date({ min: at('2026-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 60_000) * 60_000))

describe('the clock on the wall', () => {
  it('leads back to the moment, but for the hour that comes twice', () => {
    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const back = instantOf(wallTimeOf(moment, zone), zone)
        expect(wallTimeOf(back, zone)).toEqual(wallTimeOf(moment, zone))
        expect(back <= moment).toBe(true)
      }),
    )
  })

  it('knows a time that a change of the clock skips, and takes the first of one that comes twice', () => {
    const wall = { year: 2027, hour: 2, minute: 30 }
    expect(instantOf({ ...wall, month: 3, day: 14 }, chicago)).toEqual(at('2027-03-14T08:30:00Z'))
    expect(instantOf({ ...wall, month: 11, day: 7, hour: 1 }, chicago)).toEqual(at('2027-11-07T06:30:00Z'))
  })
})

describe('a blackout', () => {
  it('holds a run until it ends, by the wall clock on both sides of a change, and over midnight', () => {
    expect(endOfBlackout([officeHours], chicago, at('2027-03-12T14:00:00Z'))).toEqual(at('2027-03-13T00:00:00Z'))
    expect(endOfBlackout([officeHours], chicago, at('2027-03-15T13:00:00Z'))).toEqual(at('2027-03-15T23:00:00Z'))
    expect(endOfBlackout([officeHours], chicago, at('2027-03-13T18:00:00Z'))).toBeNull()
    const night: Blackout = { days: [6], from: '22:00', until: '06:00' }
    expect(endOfBlackout([night], chicago, at('2027-03-14T09:00:00Z'))).toEqual(at('2027-03-14T11:00:00Z'))
    expect(describeBlackout(night)).toBe('Sat, 22:00 to 06:00 the next day')
  })

  it('of several is left behind only when none goes on, and a week of them leaves no time', () => {
    const morning: Blackout = { days: [1], from: '18:00', until: '20:00' }
    expect(afterBlackouts([officeHours, morning], 'UTC', at('2027-03-01T12:00:00Z'))).toEqual(
      at('2027-03-01T20:00:00Z'),
    )
    const always: Blackout = { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', until: '00:00' }
    expect(afterBlackouts([always], 'UTC', at('2027-03-01T12:00:00Z'))).toBeNull()
    const input = planInputSchema.safeParse({ cron: '0 0 * * *', timeZone: 'UTC', blackouts: JSON.stringify([always]) })
    expect(input.error?.issues.map(({ path }) => path[0])).not.toContain('cron')
  })
})

describe('when a run begins', () => {
  it('is never before its time nor in a blackout, within the spread otherwise, and the same whenever it is asked', () => {
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 0, max: 59 }), fc.uuid(), (moment, timeZone, spreadMinutes, id) => {
        const plain = { ...schedule, id, timeZone, spreadMinutes }
        const start = startOf(plain, moment)
        expect(start >= moment && start.getTime() <= moment.getTime() + spreadMinutes * 60_000).toBe(true)
        expect(startOf(plain, new Date(moment))).toEqual(start)
        const held = startOf({ ...plain, blackouts: [officeHours] }, moment)
        expect(held >= moment && endOfBlackout([officeHours], timeZone, held) === null).toBe(true)
      }),
    )
  })

  it('spreads plans of one hour over it', () => {
    const minutes = Array.from({ length: 100 }, (_, index) =>
      startOf({ ...schedule, id: `plan ${index}`, spreadMinutes: 59 }, at('2027-03-01T00:00:00Z')).getUTCMinutes(),
    )
    expect(new Set(minutes).size).toBeGreaterThan(30)
  })

  it('is due only then, and of the runs of a blackout only the last', () => {
    const held = { ...schedule, blackouts: [officeHours] }
    const morning = at('2027-03-01T14:30:00Z')
    expect(latestDueOf(held, morning, at('2027-03-01T23:59:00Z'))).toBeNull()
    expect(latestDueOf(held, morning, at('2027-03-02T00:00:00Z'))).toEqual(at('2027-03-02T00:00:00Z'))
    const starts = nextStarts(held, morning, 2)
    expect(starts.map(({ startsAt }) => startsAt)).toEqual([at('2027-03-02T00:00:00Z'), at('2027-03-02T01:00:00Z')])
  })

  it('of a run still to come after its spread is among the next, and what is due is what was shown', () => {
    fc.assert(
      fc.property(moments, zones, fc.integer({ min: 0, max: 59 }), fc.boolean(), (from, timeZone, spread, dark) => {
        const any = { ...schedule, timeZone, spreadMinutes: spread, blackouts: dark ? [officeHours] : [] }
        const [next] = nextStarts(any, from, 1)
        if (!next) throw new Error('nothing is next')
        expect(next.startsAt > from).toBe(true)
        expect(latestDueOf(any, new Date(next.plannedAt.getTime() - 1), next.startsAt)).toEqual(next.plannedAt)
      }),
      { numRuns: 50 },
    )
  })

  it('tells of a change of the clock between two runs', () => {
    const nightly = { ...schedule, cron: '0 0 * * *' }
    const changes = nextStarts(nightly, at('2027-03-12T12:00:00Z'), 4).map(
      ({ clockChangeMinutes }) => clockChangeMinutes,
    )
    expect(changes).toEqual([0, 0, 60, 0])
  })
})

it('a spread as long as the time between two runs is refused at its field', () => {
  const result = planInputSchema.safeParse({ ...{ cron: '0 * * * *', timeZone: 'UTC', spreadMinutes: '60' } })
  expect(result.success).toBe(false)
})
