import { expect, it } from 'vitest'
import { runRestoreDamageRounds } from './restore-damage.soak'

it('no damage to a backup is ever restored wrongly, nor leaves anything (a few seeded rounds; the soak runs hundreds)', async () => {
  const report = await runRestoreDamageRounds(20_261_126, 20)
  expect(report.wrong).toEqual([])
  expect(report.rounds).toBe(20)
  expect(Object.keys(report.byKind).length).toBeGreaterThan(4)
  expect(Object.keys(report.refused).length).toBeGreaterThan(3)
})
