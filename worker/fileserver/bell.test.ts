import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { Bell } from './bell'

test('a ring before the wait is kept, one ring wakes once, and an abort wakes too', async () => {
  const bell = new Bell()
  const controller = new AbortController()
  bell.ring()
  await bell.heard(controller.signal)
  let isAwake = false
  const waiting = bell.heard(controller.signal).then(() => {
    isAwake = true
  })
  await Promise.resolve()
  expect(isAwake).toBe(false)
  controller.abort()
  await waiting
})

test('waiting for months leaves no listeners behind', async () => {
  const bell = new Bell()
  const { signal } = new AbortController()
  for (let count = 0; count < 100; count += 1) {
    const waiting = bell.heard(signal)
    bell.ring()
    await waiting
  }
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
