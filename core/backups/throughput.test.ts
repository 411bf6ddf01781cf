import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addSample, pointsOf, type Throughput, throughputSchema } from './throughput'

const startedAt = new Date('2027-01-01T00:00:00Z')
const report = (bytesPerSecond: number, uploadedBytes: number) => ({
  phase: 'files' as const,
  bytesPerSecond,
  uploadedBytes,
})
const at = (second: number, attempt = 1) => ({ attempt, startedAt, now: new Date(startedAt.getTime() + second * 1000) })

function afterReports(seconds: number[]): Throughput | null {
  let known: Throughput | null = null
  for (const second of seconds) known = addSample(known, at(second), report(100, second * 50)) ?? known
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

  test('begins anew when the clock was set back, and stores nothing twice within a step', () => {
    const first = afterReports([0, 1, 2, 50])
    expect(first?.samples).toHaveLength(4)
    expect(addSample(first, at(50), report(100, 1))).toBeNull()
    expect(addSample(first, at(3), report(100, 1))?.samples.map(({ second }) => second)).toEqual([3])
  })

  test('goes on where the next worker has its turn, which counts what it uploads from nothing', () => {
    let known = afterReports([0, 1, 2])
    for (const [second, uploadedBytes] of [
      [3, 70],
      [4, 90],
    ] as const)
      known = addSample(known, at(second, 2), report(100, uploadedBytes))
    expect(pointsOf(known as Throughput).map(({ uploadedPerSecond }) => uploadedPerSecond)).toEqual([0, 50, 50, 70, 20])
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
