import { expect, it } from 'vitest'
import { runPartDamageRounds } from './part-damage.soak'

it('no damage to the parts on a remote is ever read as good (a few seeded rounds; the soak runs hundreds)', async () => {
  const report = await runPartDamageRounds(20_261_123, 20)
  expect(report.passedAsGood).toEqual([])
  expect(report.rounds).toBe(20)
  expect(Object.keys(report.byKind).length).toBeGreaterThan(3)
})
