import { expect, it } from 'vitest'
import { forecastInWords, forecastRoom, judgeRoom, type RoomSample } from './forecast'

/** Promise: it is told in time when an account will be full, and neither one odd day nor a narrow bound makes an alarm go up and down. */

const day = 86_400_000
const start = Date.parse('2026-11-01T12:00:00Z')
const at = (days: number) => new Date(start + days * day)
const gibibyte = 1024 ** 3

/** What was used on each day, of so much. */
const samplesOf = (used: number[], quota: number): RoomSample[] =>
  used.map((one, index) => ({ at: at(index), usedBytes: one * gibibyte, quotaBytes: quota * gibibyte }))
const line = (count: number, from: number, aDay: number) =>
  Array.from({ length: count }, (_, index) => from + index * aDay)

it('reads a line: 90 of 120 GiB, 2.5 a day, is full in 12 days', () => {
  const samples = samplesOf(line(20, 90 - 19 * 2.5, 2.5), 120)
  const forecast = forecastRoom(samples, at(19))
  expect(forecast?.daysLeft).toBeCloseTo(12)
  expect(forecast?.bytesPerDay).toBeCloseTo(2.5 * gibibyte)
  expect(forecast && forecastInWords(forecast)).toBe('full in about 12 days')
})

it('counts the days since the newest sample', () => {
  expect(forecastRoom(samplesOf(line(20, 0, 1), 29), at(22))?.daysLeft).toBeCloseTo(7)
})

it.each([
  ['six samples', line(6, 50, 5)],
  ['a sample of one day', [50]],
  ['none', []],
  ['an account that stands still', line(20, 90, 0)],
  ['one that shrinks', line(20, 90, -1)],
  ['one that is full in years', line(20, 10, 0.01)],
])('forecasts nothing of %s', (_, used) => {
  expect(forecastRoom(samplesOf(used, 100), at(19))).toBeNull()
})

it('is not turned by a clean-up, nor by one huge backup', () => {
  const used = line(20, 40, 1)
  const steady = forecastRoom(samplesOf(used, 100), at(19))?.bytesPerDay ?? 0
  for (const step of [-15, 15]) {
    const odd = used.map((one, index) => (index === 10 ? one + step : one))
    const found = forecastRoom(samplesOf(odd, 100), at(19))?.bytesPerDay ?? 0
    expect(Math.abs(found - steady)).toBeLessThan(steady * 0.1)
  }
})

it('looks back four weeks only', () => {
  const used = [...line(30, 0, 2), ...line(30, 60, 0.1)]
  expect((forecastRoom(samplesOf(used, 80), at(59))?.bytesPerDay ?? 0) / gibibyte).toBeCloseTo(0.1)
})

it.each([
  ['room enough', 60, null],
  ['less than 30 days', 29, 'warning'],
  ['less than 7 days', 6, 'critical'],
])('judges %s', (_, left, severity) => {
  const samples = samplesOf(line(14, 100, 1), 113 + left)
  expect(judgeRoom(samples, at(13))?.severity ?? null).toBe(severity)
})

/** A verdict of each day, of an account whose forecast goes to and fro. */
function verdictsOf(leftByDay: number[]) {
  const samples: RoomSample[] = samplesOf(line(leftByDay.length, 1000, 1), 0).map((sample, index) => ({
    ...sample,
    quotaBytes: sample.usedBytes + (leftByDay[index] ?? 0) * gibibyte,
  }))
  return samples.map((_, index) => judgeRoom(samples.slice(0, index + 1), at(index))?.severity ?? null)
}

it('does not flap where the forecast swings about a bound, and ends where there is room again', () => {
  const enough = line(10, 60, 0)
  const swing = (low: number, high: number) => Array.from({ length: 10 }, (_, index) => (index % 2 ? high : low))
  const verdicts = verdictsOf([...enough, ...swing(28, 34), ...swing(6, 9), 20, 35, 45, 45])
  expect(verdicts.slice(0, 10)).toEqual(Array(10).fill(null))
  expect(verdicts.slice(10, 20)).toEqual(Array(10).fill('warning'))
  expect(verdicts.slice(20, 30)).toEqual(Array(10).fill('critical'))
  expect(verdicts.slice(30)).toEqual(['warning', 'warning', null, null])
})
