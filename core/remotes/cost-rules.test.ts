import { describe, expect, it } from 'vitest'
import { costOf, type PlanCost } from './cost-rules'

const gibibyte = 1024 ** 3
const words = {
  bytes: (value: number) => `${Math.round(value / gibibyte)} GiB`,
  count: (value: number) => String(value),
}
const plan = (changes: Partial<PlanCost> = {}): PlanCost => ({
  ...{ bytesEach: gibibyte, isEstimate: false, runsPerMonth: 30, keptBytes: 7 * gibibyte, partBytes: gibibyte / 2 },
  ...changes,
})
const room = { quotaBytes: 100 * gibibyte, usedBytes: 0, largestFileBytes: 5 * gibibyte }

describe('what plans will cost on a remote', () => {
  it('is told without warnings where there is room', () => {
    expect(costOf('box', [plan(), plan()], room, words)).toMatchObject({
      ...{ bytesPerMonth: 60 * gibibyte, keptBytes: 14 * gibibyte, warnings: [] },
    })
    expect(costOf('sftp', [plan()], null, words).callsPerMonth).toBeNull()
  })

  it('warns of a quota that retention will not fit in, and of an account that is almost full', () => {
    expect(costOf('box', [plan({ keptBytes: 200 * gibibyte })], room, words).warnings).toEqual([
      'Retention will keep 200 GiB, and the account holds 100 GiB in all.',
    ])
    expect(costOf('s3', [plan()], { ...room, usedBytes: 95 * gibibyte }, words).warnings.join()).toContain(
      '5 GiB are left',
    )
  })

  it('warns of what Box counts by the month: traffic above 1 TB, and API calls (25 GiB a night are some 100,000)', () => {
    const cost = costOf('box', [plan({ bytesEach: 40 * gibibyte })], null, words)
    expect(cost.warnings.join('\n')).toMatch(/1 TB per user/)
    const calls = costOf('box', [plan({ bytesEach: 25 * gibibyte })], null, words).callsPerMonth ?? 0
    expect(calls).toBeGreaterThan(95_000)
    expect(calls).toBeLessThan(130_000)
    expect(costOf('box', [plan({ bytesEach: 25 * gibibyte })], null, words).warnings.join()).toContain(
      '100000 (Enterprise)',
    )
  })

  it('warns of files that are too large, and of more than Drive takes in a day', () => {
    expect(costOf('box', [plan({ partBytes: 6 * gibibyte })], room, words).warnings.join()).toContain('by themselves')
    expect(costOf('drive', [plan({ bytesEach: 800e9 })], null, words).warnings.join()).toContain('750 GB a day')
  })
})
