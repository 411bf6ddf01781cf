import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addSample, pointsOf, type Throughput, throughputSchema } from './throughput'

const startedAt = new Date('2027-01-01T00:00:00Z')
const report = (second: number, bytesPerSecond = 100, uploadedBytes = second * 50) => ({
  ...{ phase: 'files' as const, subject: 'homes', doneBytes: 0, totalBytes: null, bytesPerSecond, uploadedBytes },
  at: new Date(startedAt.getTime() + second * 1000).toISOString(),
})

function afterReports(seconds: number[]): Throughput | null {
  let known: Throughput | null = null
  for (const second of seconds) known = addSample(known, startedAt, report(second)) ?? known
  return known
}

describe('the throughput of a backup', () => {
  test('stays few samples however long it takes, in order, and keeps a steady rate as it was', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 1500 })
    const run = fc.property(gaps, (pauses) => {
      let second = 0
      const throughput = afterReports(pauses.map((pause) => (second += pause)))
      const { samples, stepSeconds } = throughputSchema.parse(throughput)
      expect(samples.length).toBeLessThan(240)
      for (const [index, sample] of samples.entries()) {
        expect(sample.bytesPerSecond).toBe(100)
        expect(sample.second % stepSeconds).toBe(0)
        expect(sample.second).toBeGreaterThan(samples[index - 1]?.second ?? -1)
      }
    })
    fc.assert(run, { numRuns: 40 })
  })

  test('begins anew with another attempt, and stores nothing twice within a step', () => {
    const first = afterReports([0, 1, 2, 50])
    expect(first?.samples).toHaveLength(4)
    expect(addSample(first, startedAt, report(50))).toBeNull()
    expect(addSample(first, startedAt, report(3))?.samples.map(({ second }) => second)).toEqual([3])
  })

  test('is drawn as rates, with a gap where nothing was heard for a while', () => {
    const points = pointsOf({ stepSeconds: 1, samples: afterReports([0, 1, 60])?.samples ?? [] })
    expect(
      points.map(({ second, readPerSecond, uploadedPerSecond }) => [second, readPerSecond, uploadedPerSecond]),
    ).toEqual([
      [0, 100, 0],
      [1, 100, 50],
      [59, null, null],
      [60, 100, 50],
    ])
  })
})
