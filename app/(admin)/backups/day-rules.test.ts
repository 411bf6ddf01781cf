import { expect, it } from 'vitest'
import { describeDay, lookOf } from './day-rules'

it('a failed backup is seen whatever else a day had, then what was partial, then what was good', () => {
  const none = { failed: 0, partial: 0, good: 0, open: 0 }
  expect(lookOf({ failed: 1, partial: 2, good: 47, open: 3 })).toBe('failed')
  expect(lookOf({ ...none, partial: 1, good: 47 })).toBe('partial')
  expect(lookOf({ ...none, good: 1, open: 1 })).toBe('good')
  expect(lookOf({ ...none, open: 1 })).toBe('open')
  expect(lookOf(none)).toBe('none')
  expect(describeDay('2026-11-03', { ...none, failed: 2, good: 47 })).toBe(
    'Tue 3 Nov 2026: 2 failed or lost, 47 succeeded',
  )
  expect(describeDay('2026-11-03', none)).toBe('Tue 3 Nov 2026: no backup')
})
