import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextRun } from '@/core/plans/schedule'
import { dueTime, isInWindow, startWindowMilliseconds } from './due-time'

/** Promise: of all times that passed only the latest counts, each once; nothing of a pause or from before the schedule is caught up. */

const at = (text: string) => new Date(`2027-02-${text}:00Z`)
const weekly = {
  ...{ cron: '0 3 * * 0', timeZone: 'UTC', paused: false },
  ...{ scheduledFrom: at('01T12:00'), wantedAt: null, begunFor: null },
}

test.each([
  ['before the first', {}, at('07T02:59'), null],
  ['at it', {}, at('07T03:00'), at('07T03:00')],
  ['weeks of outage later', {}, at('22T09:00'), at('21T03:00')],
  ['once it was begun', { begunFor: at('07T03:00') }, at('07T03:01'), null],
  ['paused', { paused: true }, at('07T03:01'), null],
  ['paused, but asked for', { paused: true, wantedAt: at('07T10:00') }, at('07T10:01'), at('07T10:00')],
  ['asked for after a time that was missed', { wantedAt: at('07T10:00') }, at('07T10:01'), at('07T10:00')],
  ['asked for, and begun', { wantedAt: at('07T10:00'), begunFor: at('07T10:00') }, at('07T10:01'), null],
  ['asked for before its schedule came', { wantedAt: at('06T10:00') }, at('07T03:00'), at('07T03:00')],
  ['after its schedule was edited', { scheduledFrom: at('07T09:00') }, at('07T10:00'), null],
] as const)('%s', (_, changes, now, expected) => {
  expect(dueTime({ ...weekly, ...changes }, now)).toEqual(expected)
})

test('however often it is looked at, no time comes twice, and none that is begun is earlier than the one before', () => {
  const minutes = fc.array(fc.integer({ min: 1, max: 3 * 24 * 60 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(minutes, fc.constantFrom('0 3 * * *', '30 2 * * 1', '0 */6 * * *'), (gaps, cron) => {
      let now = weekly.scheduledFrom
      let begunFor: Date | null = null
      for (const gap of gaps) {
        now = new Date(now.getTime() + gap * 60_000)
        const due: Date | null = dueTime({ ...weekly, cron, timeZone: 'America/Chicago', begunFor }, now)
        if (!due) continue
        expect(due <= now && due > (begunFor ?? weekly.scheduledFrom)).toBe(true)
        // nothing between it and now was left out
        expect((nextRun(cron, 'America/Chicago', due) ?? now) > now).toBe(true)
        if (isInWindow(due, now)) begunFor = due
        else expect(now.getTime() - due.getTime()).toBeGreaterThanOrEqual(startWindowMilliseconds)
      }
    }),
    { seed: 11 },
  )
})
