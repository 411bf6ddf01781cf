import { expect, it } from 'vitest'
import type { RunState } from './judge'
import { mostTelling, stripOf } from './strip'

/** Promise: a day's cell tells what happened on that day of the plan's own zone, and a missed night is never a blank. */

const plan = {
  cron: '0 0 * * *',
  timeZone: 'America/Chicago',
  scheduledFrom: new Date('2026-11-01T12:00:00Z'),
  paused: false,
}
const now = new Date('2026-11-23T18:00:00Z')
const run = (at: string, state: RunState, id = at) => ({ id, state, at: new Date(at) })
const states = (...args: Parameters<typeof stripOf>) => stripOf(...args).days

it('sorts runs into the days of the plan’s zone', () => {
  const runs = [run('2026-11-22T06:00:00Z', 'succeeded'), run('2026-11-23T05:59:00Z', 'warning')]
  expect(states(plan, runs, null, now, 2)).toEqual(['good', 'none'])
})

it('tells failed, mixed, running, cancelled and missed days apart', () => {
  const runs = [
    run('2026-11-18T06:00:00Z', 'failed'),
    run('2026-11-19T06:00:00Z', 'failed'),
    run('2026-11-19T16:00:00Z', 'succeeded'),
    run('2026-11-20T06:00:00Z', 'cancelled'),
    run('2026-11-22T06:00:00Z', 'lost'),
    run('2026-11-23T06:00:00Z', 'running'),
  ]
  const expected = ['bad', 'mixed', 'other', 'missed', 'bad', 'under way']
  expect(states(plan, runs, null, now, 6)).toEqual(expected)
})

it('shows what went wrong before what went well', () => {
  const runs = [run('2026-11-22T06:00:00Z', 'failed', 'bad'), run('2026-11-22T16:00:00Z', 'succeeded', 'good')]
  expect(mostTelling(runs)?.id).toBe('bad')
  expect(mostTelling([])).toBeNull()
})

it('claims no missed run before the plan began, while it is paused, or today before it is overdue', () => {
  expect(states({ ...plan, scheduledFrom: new Date('2026-11-21T18:00:00Z') }, [], null, now, 3)).toEqual([
    'none',
    'missed',
    'none',
  ])
  expect(states({ ...plan, paused: true }, [], null, now, 2)).toEqual(['none', 'none'])
  expect(states(plan, [], new Date('2026-11-22T06:00:00Z'), now, 1)).toEqual(['missed'])
})
