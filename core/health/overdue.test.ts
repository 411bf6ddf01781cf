import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { overdueSince, type RunTimes, type ScheduleFacts } from './overdue'

/** Promise: a missing backup is noticed whatever else is dead, at the right moment, and the verdict does not flap. */

const at = (text: string) => new Date(`2026-11-${text}:00Z`)
const plan: ScheduleFacts = {
  id: 'p1',
  cron: '0 0 * * *',
  timeZone: 'UTC',
  spreadMinutes: 0,
  blackouts: [],
  scheduledFrom: at('01T12:00'),
  graceSeconds: 3600,
  durationLimitSeconds: 6 * 3600,
}
const run = (plannedAt: string | null, startedAt: string | null): RunTimes => ({
  plannedAt: plannedAt ? at(plannedAt) : null,
  startedAt: startedAt ? at(startedAt) : null,
})
const lastNight = run('22T00:00', '22T00:00')

describe('a nightly plan whose last good backup is of the 22nd', () => {
  it.each<[string, string, RunTimes | null, RunTimes | null, string | null]>([
    ['before the next is due', '22T23:59', lastNight, null, null],
    ['within the grace', '23T00:59', lastNight, null, null],
    ['after the grace, no run was ever made', '23T01:00', lastNight, null, '23T00:00'],
    ['days later it still names the first that is missing', '25T12:00', lastNight, null, '23T00:00'],
    ['the run that began in time still goes on', '23T05:00', lastNight, run('23T00:00', '23T00:10'), null],
    ['… and is beyond its limit', '23T07:30', lastNight, run('23T00:00', '23T00:10'), '23T00:00'],
    ['it waits for a worker that is dead', '23T02:00', lastNight, run('23T00:00', null), '23T00:00'],
    ['a catch-up is under way, too late to be in time', '23T09:30', lastNight, run('23T00:00', '23T09:00'), '23T00:00'],
    ['a manual run is under way while it was overdue', '23T09:30', lastNight, run(null, '23T09:00'), '23T00:00'],
    [
      'the next night’s run does not hide the missing one',
      '24T00:30',
      lastNight,
      run('24T00:00', '24T00:00'),
      '23T00:00',
    ],
    ['the catch-up became good', '23T12:00', run('23T00:00', '23T09:00'), null, null],
    ['a manual backup after the planned time serves', '23T12:00', run(null, '23T00:30'), null, null],
    ['a manual backup before it does not', '23T12:00', run(null, '22T23:30'), null, '23T00:00'],
    ['a run that waited over the next planned time serves both', '23T12:00', run('22T00:00', '23T00:20'), null, null],
    ['a good backup of the future proves nothing', '23T12:00', run('28T00:00', '28T00:00'), null, '02T00:00'],
    ['a clock that was set back by minutes changes nothing', '22T23:50', run('23T00:00', '23T00:00'), null, null],
  ])('%s', (_case, now, good, open, expected) => {
    expect(overdueSince(plan, good, open, at(now))).toEqual(expected ? at(expected) : null)
  })
})

describe('a nightly plan that may not begin before 08:00', () => {
  const patient = { ...plan, blackouts: [{ days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', until: '08:00' }] }

  it.each<[string, string, RunTimes | null, string | null]>([
    ['is not overdue while its run has to wait', '23T07:59', null, null],
    ['has its grace after that', '23T08:59', null, null],
    ['is overdue then', '23T09:00', null, '23T00:00'],
    ['is waited for when it began after the blackout', '23T10:00', run('23T00:00', '23T08:05'), null],
  ])('%s', (_case, now, open, expected) => {
    expect(overdueSince(patient, lastNight, open, at(now))).toEqual(expected ? at(expected) : null)
  })
})

describe('a plan without any good backup', () => {
  it.each<[string, Partial<ScheduleFacts>, string, string | null]>([
    ['is not overdue before its first time', { scheduledFrom: at('22T12:00') }, '23T00:30', null],
    ['is overdue after it', { scheduledFrom: at('22T12:00') }, '23T01:00', '23T00:00'],
    ['is not overdue for what was planned while it was paused', { scheduledFrom: at('24T09:00') }, '24T10:00', null],
    ['has the grace that it asks for', { scheduledFrom: at('22T12:00'), graceSeconds: 7200 }, '23T01:30', null],
  ])('%s', (_case, changes, now, expected) => {
    expect(overdueSince({ ...plan, ...changes }, null, null, at(now))).toEqual(expected ? at(expected) : null)
  })

  it('is overdue although its schedule seems to begin next year: a clock was wrong, and no run will be made until then', () => {
    const scheduledFrom = new Date('2027-11-01T00:00:00Z')
    expect(overdueSince({ ...plan, scheduledFrom }, null, null, at('23T12:00'))).not.toBeNull()
    expect(overdueSince({ ...plan, scheduledFrom }, run('23T00:00', '23T00:00'), null, at('23T12:00'))).toBeNull()
  })
})

it('an hour that comes twice, and one that does not come, are neither missed nor doubled', () => {
  const chicago = {
    ...plan,
    cron: '30 1 * * *',
    timeZone: 'America/Chicago',
    scheduledFrom: new Date('2027-11-01T00:00Z'),
  }
  const good = { plannedAt: new Date('2027-11-07T06:30Z'), startedAt: new Date('2027-11-07T06:30Z') }
  expect(overdueSince(chicago, good, null, new Date('2027-11-07T20:00Z'))).toBeNull()
  expect(overdueSince(chicago, good, null, new Date('2027-11-08T08:30Z'))).toEqual(new Date('2027-11-08T07:30Z'))
})

it('never flaps: with nothing new, what is overdue stays so, for the same planned time', () => {
  const minutes = fc.integer({ min: 0, max: 14 * 24 * 60 })
  const moment = (offset: number) => new Date(at('10T00:00').getTime() + offset * 60_000)
  fc.assert(
    fc.property(fc.option(minutes), minutes, minutes, minutes, (good, started, first, later) => {
      const newestGood = good === null ? null : { plannedAt: null, startedAt: moment(good) }
      const open = { plannedAt: null, startedAt: moment(started) }
      const now = moment(Math.max(first, good ?? 0, started))
      const since = overdueSince(plan, newestGood, null, now)
      if (!since) return
      expect(overdueSince(plan, newestGood, null, new Date(now.getTime() + later * 60_000))).toEqual(since)
      // a run that begins only now, when it is overdue already, does not hide that
      expect(overdueSince(plan, newestGood, { ...open, startedAt: now }, now)).toEqual(since)
    }),
  )
})
