import { expect, test } from 'vitest'
import { type CopyFacts, judgeCopies } from './judge-copies'

const now = new Date('2026-11-23T12:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const copy: CopyFacts = {
  remote: { id: 'r2', name: 'Tape' },
  ...{ copiedAt: hoursAgo(30), behindSince: null, problem: null, isUnderWay: false },
}
const away = { code: 'remote-unreachable', text: 'The remote could not be reached.' }

function judged(changes: Partial<CopyFacts>, cron = '0 6 * * *') {
  const copies = [{ ...copy, ...changes }]
  return judgeCopies({ name: 'nightly', cron, timeZone: 'UTC', graceSeconds: 3600, copies }, now)
}

test('a copy that holds the newest backup, or has not had a whole interval yet, is nothing to speak of', () => {
  expect(judged({})).toEqual([])
  expect(judged({ behindSince: hoursAgo(24) })).toEqual([])
})

test('one that is not there after an interval and the grace is a risk, with the reason and whether it comes', () => {
  expect(judged({ behindSince: hoursAgo(25.1), problem: away, isUnderWay: true })).toEqual([
    {
      isRisk: true,
      text: 'The second copy of “nightly” on “Tape” is behind since 22 Nov 10:54 UTC: The remote could not be reached. It is being copied.',
    },
  ])
})

test('the interval is the plan’s own', () => {
  expect(judged({ behindSince: hoursAgo(100) }, '0 6 * * 0')).toEqual([])
  expect(judged({ behindSince: hoursAgo(3) }, '0 * * * *')).toMatchObject([{ isRisk: true }])
})

test('a try that failed is told before it is late, and takes nothing away', () => {
  expect(judged({ behindSince: hoursAgo(2), problem: away })).toEqual([
    {
      isRisk: false,
      text: 'The last try to make a second copy of “nightly” on “Tape” failed: The remote could not be reached.',
    },
  ])
})
