import { expect, test } from 'vitest'
import type { MigrationStanding } from '@/protocol/worker-api'
import { endingProblem } from './ending-problem'

/** Promise: a host is told to repeat its command only where the same link begins the restore anew. */
const problem = { code: 'remote-away', text: 'The remote does not answer.', action: 'Mend it.' }
const cases: [MigrationStanding['state'], MigrationStanding['problem'], boolean, RegExp, RegExp][] = [
  ['failed', null, true, /^The restore failed\.$/, /^Repeat this command/],
  ['failed', problem, true, /^The remote does not answer\.$/, /^Mend it\. Repeat this command/],
  ['failed', problem, false, /^The remote does not answer\.$/, /^Mend it\. Have a new link made/],
  ['cancelled', null, true, /was cancelled/, /^Have a new link made/],
  ['revoked', problem, false, /was withdrawn/, /^Have a new link made/],
  ['expired', problem, false, /expired before/, /^Have a new link made/],
]

test.each(cases)('%s, by %o, link still good: %s', (state, why, isRedeemable, text, action) => {
  const told = endingProblem({ state, problem: why, isRedeemable, restoreId: null, phase: null })
  expect(told?.message).toMatch(text)
  expect(told?.action).toMatch(action)
})

test('nothing where the restore is done', () => {
  expect(endingProblem({ state: 'done', problem: null, isRedeemable: true, restoreId: null, phase: null })).toBeNull()
})
