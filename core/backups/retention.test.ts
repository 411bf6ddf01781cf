import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseDeletions,
  type KeptBackup,
  type RetentionInput,
  type RetentionRule,
  reasonsToKeep,
  unkept,
} from './retention'
import { bucketsOf } from './retention-buckets'

const day = 86_400_000
const now = new Date('2027-03-01T00:00:00Z')
const zones = ['America/Chicago', 'UTC', 'Asia/Kolkata', 'Pacific/Apia']
const off: RetentionRule = {
  ...{ keepLast: 0, keepDays: 0, keepDaily: 0, keepWeekly: 0, keepMonthly: 0, keepYearly: 0 },
  keepAtLeast: 1,
}

function backup(sequence: number, at: Date, facts: Partial<KeptBackup> = {}, zone = 'UTC'): KeptBackup {
  return {
    id: `b${sequence}`,
    sequence,
    at,
    buckets: bucketsOf(at, zone),
    pinned: false,
    busy: false,
    uncopied: false,
    ...facts,
  }
}

/** Nights and hours with some missed, days when clocks change among them, and now and then a clock that was set wrong. */
const histories = fc
  .record({
    zone: fc.constantFrom(...zones),
    begin: fc.constantFrom('2026-10-20T05:00:00Z', '2026-03-01T07:30:00Z', '2025-12-20T23:30:00Z'),
    runs: fc.array(
      fc.record({
        gapHours: fc.constantFrom(1, 24, 24, 24, 24, 25, 23, 72, 24 * 40),
        jumpDays: fc.oneof(
          { weight: 12, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.integer({ min: -400, max: 900 }) },
        ),
        missed: fc.boolean(),
        pinned: fc.nat(9).map((draw) => draw === 0),
        busy: fc.nat(19).map((draw) => draw === 0),
      }),
      { maxLength: 60 },
    ),
  })
  .map(({ zone, begin, runs }) => {
    let at = Date.parse(begin)
    return runs.flatMap(({ gapHours, jumpDays, missed, pinned, busy }, index) => {
      at += gapHours * 3_600_000
      return missed ? [] : [backup(index + 1, new Date(at + jumpDays * day), { pinned, busy }, zone)]
    })
  })
const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }))
const rules: fc.Arbitrary<RetentionRule> = fc.record({
  keepLast: count,
  keepDays: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 200 })),
  keepDaily: count,
  keepWeekly: count,
  keepMonthly: count,
  keepYearly: fc.integer({ min: 0, max: 3 }),
  keepAtLeast: fc.integer({ min: 0, max: 5 }),
})
const inputs: fc.Arbitrary<RetentionInput> = fc.record({
  backups: histories,
  rule: rules,
  now: fc.constantFrom(now, new Date('2026-01-01T00:00:00Z'), new Date('2031-01-01T00:00:00Z')),
  held: fc.boolean(),
  clocksDisagree: fc.boolean(),
  countedUpTo: fc.integer({ min: 0, max: 60 }),
})

const newestFirst = (backups: KeptBackup[]) => backups.toSorted((a, b) => b.sequence - a.sequence)
const free = (input: RetentionInput) => ({ ...input, held: false, clocksDisagree: false, countedUpTo: 0 })
const goes = ({ backups, rule, now }: RetentionInput) => new Set(unkept(backups, rule, now))

describe('retention, whatever the history and the rules', () => {
  test('promise: never takes the floor, anything pinned, or one that a restore reads', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const gone = goes(input)
        const floor = newestFirst(input.backups).slice(0, Math.max(1, input.rule.keepAtLeast))
        const untouchable = [...floor, ...input.backups.filter(({ pinned, busy }) => pinned || busy)]
        return untouchable.every(({ id }) => !gone.has(id))
      }),
    )
  })

  test('promise: never takes what a single rule alone keeps, so nothing newer than the youngest rule', () => {
    fc.assert(
      fc.property(inputs, ({ backups, rule, now }) => {
        const gone = new Set(unkept(backups, rule, now))
        const [newest] = newestFirst(backups)
        const latest = newestFirst(backups).slice(0, rule.keepLast)
        const young = backups.filter(
          ({ at }) => rule.keepDays > 0 && newest && at.getTime() >= newest.at.getTime() - rule.keepDays * day,
        )
        expect([...latest, ...young].every(({ id }) => !gone.has(id))).toBe(true)
        for (const name of ['keepDaily', 'keepWeekly', 'keepMonthly', 'keepYearly'] as const) {
          if (rule[name] === 0) continue
          const alone = reasonsToKeep(backups, { ...off, [name]: rule[name] }, now)
          expect(backups.every(({ id }) => alone.get(id)?.length === 0 || !gone.has(id))).toBe(true)
        }
      }),
    )
  })

  test('promise: zeros, negative or broken numbers never delete anything', () => {
    const broken = fc.constantFrom({}, { keepDays: -1 }, { keepLast: Number.NaN }, { keepDaily: 0.5 })
    fc.assert(
      fc.property(histories, broken, (backups, wrong) => unkept(backups, { ...off, ...wrong }, now).length === 0),
    )
  })

  test('promise: once all has gone that goes, nothing more does', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const gone = goes(input)
        const left = input.backups.filter(({ id }) => !gone.has(id))
        return unkept(left, input.rule, input.now).length === 0
      }),
    )
  })

  test('promise: a few at a time ends where all at once does', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        let left = input.backups
        for (;;) {
          const chosen = chooseDeletions({ ...free(input), backups: left })
          if (chosen.length === 0) break
          left = left.filter(({ id }) => !chosen.includes(id))
        }
        const gone = goes(input)
        expect(left.map(({ id }) => id)).toEqual(input.backups.map(({ id }) => id).filter((id) => !gone.has(id)))
      }),
    )
  })

  test('promise: tightening a rule only removes, and widening it only keeps', () => {
    const names = [
      'keepLast',
      'keepDays',
      'keepDaily',
      'keepWeekly',
      'keepMonthly',
      'keepYearly',
      'keepAtLeast',
    ] as const
    fc.assert(
      fc.property(inputs, fc.constantFrom(...names), fc.integer({ min: 1, max: 40 }), (input, name, more) => {
        // a policy with nothing on keeps everything: that is no looser than any other
        if (input.rule[name] === 0 && name !== 'keepAtLeast') return true
        const wider = { ...input.rule, [name]: input.rule[name] + more }
        const gone = goes(input)
        return unkept(input.backups, wider, input.now).every((id) => gone.has(id))
      }),
    )
  })

  test('promise: takes nothing while the shrink guard holds, clocks disagree, or nothing new came in', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const newest = newestFirst(input.backups)[0]?.sequence ?? 0
        for (const hold of [{ held: true }, { clocksDisagree: true }, { countedUpTo: newest }])
          expect(chooseDeletions({ ...free(input), ...hold })).toEqual([])
      }),
    )
  })

  test('promise: takes at most the usual one and one more, the oldest first', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const chosen = chooseDeletions(input)
        expect(chosen).toEqual([...goes(input)].slice(0, chosen.length))
        expect(chosen.length).toBeLessThanOrEqual(2)
      }),
    )
  })
})

/** A backup a night, each followed by what retention takes. */
function nights(rule: RetentionRule, zone: string, first: string, total: number): KeptBackup[] {
  let kept: KeptBackup[] = []
  for (let night = 1; night <= total; night++) {
    const at = new Date(Date.parse(first) + night * day)
    kept = [...kept, backup(night, at, {}, zone)]
    const facts = { rule, now: at, held: false, clocksDisagree: false, countedUpTo: 0 }
    const chosen = chooseDeletions({ backups: kept, ...facts })
    kept = kept.filter(({ id }) => !chosen.includes(id))
  }
  return kept
}

test('a nightly plan kept for seven days settles at eight backups', () => {
  const kept = nights({ ...off, keepDays: 7 }, 'UTC', '2027-01-01T00:00:00Z', 30)
  expect(kept.map(({ sequence }) => sequence)).toEqual([23, 24, 25, 26, 27, 28, 29, 30])
})

test('a nightly plan of 7 daily, 4 weekly, 12 monthly and 3 yearly settles at what these say, over changes of the clock', () => {
  const rule = { ...off, keepDaily: 7, keepWeekly: 4, keepMonthly: 12, keepYearly: 3 }
  const kept = nights(rule, 'America/Chicago', '2025-01-01T06:00:00Z', 800)
  const days = kept.map(({ buckets }) => buckets.daily)
  expect(days.slice(-7)).toEqual(nightsBefore('2027-03-12', 7))
  const months = kept.map(({ buckets }) => buckets.monthly)
  expect(new Set(months).size).toBe(13)
  // the last night of each month, and of the year before
  expect(days).toEqual(expect.arrayContaining(['2025-12-31', '2026-04-30', '2026-10-31', '2026-12-31', '2027-02-28']))
  expect(kept.length).toBeLessThanOrEqual(7 + 4 + 12 + 3)
})

function nightsBefore(last: string, count: number): string[] {
  const end = Date.parse(last)
  return Array.from({ length: count }, (_, index) =>
    new Date(end - (count - 1 - index) * day).toISOString().slice(0, 10),
  )
}

test('a day is a day of the plan’s zone: two backups around midnight UTC are of one evening in Chicago', () => {
  const evening = ['2027-03-01T23:30:00Z', '2027-03-02T00:30:00Z'].map((at) => new Date(at))
  const rule = { ...off, keepDaily: 5 }
  const inZone = (zone: string) =>
    unkept(
      evening.map((at, index) => backup(index + 1, at, {}, zone)),
      rule,
      now,
    )
  expect(inZone('UTC')).toEqual([])
  expect(inZone('America/Chicago')).toEqual(['b1'])
})

test('a plan that stands still for a year keeps all it has, and so does a clock that leapt ahead', () => {
  const old = [1, 2, 3].map((sequence) => backup(sequence, new Date(now.getTime() + sequence * day)))
  const later = new Date(now.getTime() + 365 * day)
  expect(unkept(old, { ...off, keepDays: 7 }, later)).toEqual([])
})
