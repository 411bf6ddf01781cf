import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { isDue, lastSlot } from './due'

const at = (time: string) => new Date(`2027-01-02T${time}Z`)

test.each([
  ['nothing was tried', null, null, true],
  ['it was done before that', at('09:00'), at('09:00'), true],
  ['it was done since', at('10:30'), at('10:30'), false],
  ['a try failed a moment ago', null, at('11:30'), false],
  ['a try failed an hour ago', null, at('11:00'), true],
] as const)('a look that was due at ten is asked for at noon: %s', (_name, doneAt, triedAt, expected) => {
  expect(isDue({ dueAt: at('10:00'), doneAt, triedAt }, at('12:00'))).toBe(expected)
  expect(isDue({ dueAt: at('12:01'), doneAt, triedAt }, at('12:00'))).toBe(false)
})

test('each pair of instance and remote has one slot a day, and they are spread over it', () => {
  const now = at('12:00')
  const hours = new Set<number>()
  for (let pair = 0; pair < 200; pair++) {
    const [instanceId, remoteId] = [randomUUID(), randomUUID()]
    const slot = lastSlot(instanceId, remoteId, now)
    const dayLater = lastSlot(instanceId, remoteId, new Date(now.getTime() + 86_400_000))
    expect(now.getTime() - slot.getTime()).toBeLessThan(86_400_000)
    expect(dayLater.getTime() - slot.getTime()).toBe(86_400_000)
    hours.add(slot.getUTCHours())
  }
  expect(hours.size).toBeGreaterThan(12)
})
