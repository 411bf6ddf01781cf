import { expect, test } from 'vitest'
import { runArchiveDamageRounds } from './archive-damage.soak'

test('no cut, flip, swap, duplication or omission of a genuine archive passes as good', () => {
  const report = runArchiveDamageRounds(20261123, 60)
  expect(report.unnoticed).toEqual([])
  expect(report.refused).toBeGreaterThan(40)
})
