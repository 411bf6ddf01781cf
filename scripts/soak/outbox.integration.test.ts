import { expect, test } from 'vitest'
import { soakOutbox } from './outbox'

test('promise: kill -9 of control while it watches and sends: no message is lost, and doubles carry the same id', async () => {
  const { kills, deliveries, incidents } = await soakOutbox(7, 10)
  expect(kills).toBe(10)
  expect(incidents).toBeGreaterThan(10)
  expect(deliveries).toBeGreaterThan(0)
})
