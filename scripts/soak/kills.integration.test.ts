import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runKillRound, type Victim } from './kill-round'
import { openRig, type Rig } from './rig'

/** A few rounds of what `npm run soak` does a hundred times: real processes, killed with -9 in mid-backup. */
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-kills-'))
let rig: Rig

beforeAll(async () => {
  rig = await openRig(folder)
})
afterAll(async () => {
  await rig.stop()
  rmSync(folder, { recursive: true, force: true })
})

test.each<[Victim, RegExp]>([
  ['worker', /^(failed worker-restarted|succeeded|warning)$/],
  ['web', /^(succeeded|warning|failed claim-unanswered)$/],
  ['emptied redis', /^(succeeded|warning)$/],
])(
  'promise: kill -9 of %s in mid-backup: all settles by itself, states are true, the next run works',
  async (victim, outcomes) => {
    const { outcome } = await runKillRound(rig, 20_261_123, 1, victim)
    expect(outcome).toMatch(outcomes)
  },
)
