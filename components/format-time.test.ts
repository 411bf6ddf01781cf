import { expect, it } from 'vitest'
import { formatUpcoming } from './format-time'

it.each([
  ['2026-11-24T06:00Z', 'tonight 00:00 CST'],
  ['2026-11-24T03:30Z', 'tonight 21:30 CST'],
  ['2026-11-23T22:00Z', 'today 16:00 CST'],
  ['2026-11-24T15:00Z', 'tomorrow 09:00 CST'],
  ['2026-11-25T06:00Z', 'Wed 25 Nov 00:00 CST'],
])('at three in the afternoon of a Monday in Chicago, %s is %s', (at, words) => {
  expect(formatUpcoming(new Date(at), new Date('2026-11-23T21:00Z'), 'America/Chicago')).toBe(words)
})

it('the morning of the next day is tomorrow to somebody who asks in the small hours', () => {
  const now = new Date('2026-11-23T07:00Z')
  expect(formatUpcoming(new Date('2026-11-24T06:00Z'), now, 'America/Chicago')).toBe('tomorrow 00:00 CST')
})
