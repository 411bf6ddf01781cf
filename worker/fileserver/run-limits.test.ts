import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LimitWatch } from './run-limits'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const limits = { durationSeconds: 3600, stallSeconds: 60 }

test('a run that shows no progress is ended; the same sign again is none', () => {
  const controller = new AbortController()
  const watch = new LimitWatch(limits, controller)
  for (let second = 0; second < 180; second += 30) {
    watch.sign(`files ${second}`)
    vi.advanceTimersByTime(30_000)
  }
  expect(controller.signal.aborted).toBe(false)
  for (let second = 0; second < 90; second += 30) {
    watch.sign('files 150')
    vi.advanceTimersByTime(30_000)
  }
  expect(controller.signal.reason).toMatchObject({ code: 'stalled', message: expect.stringContaining('60 seconds') })
})

test('a run that lasts too long is ended however lively it is', () => {
  const controller = new AbortController()
  const watch = new LimitWatch(limits, controller)
  for (let second = 0; second < 3600; second += 30) {
    watch.sign(`${second}`)
    vi.advanceTimersByTime(30_000)
  }
  expect(controller.signal.reason).toMatchObject({ code: 'time-limit' })
})

test('while control is waited for, neither clock goes on', async () => {
  const controller = new AbortController()
  const watch = new LimitWatch(limits, controller)
  await watch.paused(async () => {
    vi.advanceTimersByTime(20 * 3_600_000)
  })
  expect(controller.signal.aborted).toBe(false)
  vi.advanceTimersByTime(61_000)
  expect(controller.signal.reason).toMatchObject({ code: 'stalled' })
})
