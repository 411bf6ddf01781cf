import { expect, test } from 'vitest'
import { mostTries, nextTry, type Try } from './try-rules'

const at = new Date('2027-02-01T12:00:00Z')
const minutes = (count: number) => new Date(at.getTime() + count * 60_000)
const one = (state: Try['state'], changes: Partial<Try> = {}): Try => ({
  ...{ state, requestedById: null, cancelRequestedAt: null, finishedAt: at },
  ...changes,
})
const failed = one('failed')

test('the first try is due at once; after failures the pauses double, from ten minutes on', () => {
  expect(nextTry([])).toEqual({ isOpen: false, failed: 0, isGivenUp: false, dueAt: null })
  expect(nextTry([failed]).dueAt).toEqual(minutes(10))
  expect(nextTry([one('lost'), failed]).dueAt).toEqual(minutes(20))
  expect(nextTry([failed, failed, failed, failed]).dueAt).toEqual(minutes(80))
})

test('after so many failures it is given up, until a person asks for it', () => {
  const all = Array.from({ length: mostTries }, () => failed)
  expect(nextTry(all.slice(1)).isGivenUp).toBe(false)
  expect(nextTry(all).isGivenUp).toBe(true)
  expect(nextTry([one('queued', { requestedById: 'ada', finishedAt: null }), ...all])).toMatchObject({
    ...{ isOpen: true, isGivenUp: false },
  })
  expect(nextTry([one('failed', { requestedById: 'ada' }), ...all])).toMatchObject({ failed: 1, isGivenUp: false })
})

test('a run that stepped back, or whose worker was stopped, counts as nothing; one that a person cancelled ends it', () => {
  const steppedBack = one('cancelled')
  expect(nextTry([steppedBack])).toMatchObject({ failed: 0, isGivenUp: false, dueAt: null })
  expect(nextTry([one('cancelled', { cancelRequestedAt: at })])).toMatchObject({ isGivenUp: true })
})

test('what was copied once and is wanted again begins anew', () => {
  expect(nextTry([failed, one('succeeded'), failed, failed])).toMatchObject({ failed: 1 })
})
