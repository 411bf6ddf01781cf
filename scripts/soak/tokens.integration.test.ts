import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTokenRig, type TokenRig } from './token-rig'
import { runTokenRound } from './token-round'

/** Some rounds of what `npm run soak` does a thousand times: brokers killed with -9, a provider that misbehaves, five workers. */
const seed = 20_261_126
const rounds = 40
let rig: TokenRig

beforeAll(async () => {
  rig = await openTokenRig()
})
afterAll(() => rig.stop())

test('promise: no refresh token is lost where the provider’s rules let us keep it; else a reconnect is asked for at once', async () => {
  const results = []
  for (let round = 0; round < rounds; round++) results.push(await runTokenRound(rig, seed, round))
  const outcomes = new Set(results.map(({ outcome }) => outcome))
  expect(outcomes).toEqual(new Set(['all got the one token', 'reconnect needed']))
  expect(results.filter(({ killed }) => killed !== 'never').length).toBeGreaterThan(20)
})
