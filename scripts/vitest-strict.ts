import { afterEach, expect, vi } from 'vitest'

process.env.LOG_LEVEL ??= 'silent'

/** A message on console.error fails the test that caused it: nothing is shrugged off. */
const consoleError = vi.spyOn(console, 'error')

afterEach(() => {
  const calls = consoleError.mock.calls.map((call) => call.join(' '))
  consoleError.mockClear()
  expect(calls, 'console.error was called').toEqual([])
})
