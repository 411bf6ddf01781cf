import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseDeletions, type KeptBackup, type RetentionInput } from './retention'

const day = 86_400_000
const now = new Date('2027-03-01T00:00:00Z')

const backups = fc
  .array(
    fc.record({
      ageDays: fc.integer({ min: -3, max: 400 }),
      pinned: fc.boolean(),
      busy: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((facts) =>
    facts.map(
      ({ ageDays, pinned, busy }, index): KeptBackup => ({
        ...{ id: `b${index}`, sequence: index + 1, pinned, busy },
        finishedAt: new Date(now.getTime() - ageDays * day),
      }),
    ),
  )
const inputs: fc.Arbitrary<RetentionInput> = fc.record({
  backups,
  keepDays: fc.integer({ min: 1, max: 60 }),
  now: fc.constant(now),
  held: fc.boolean(),
  clocksDisagree: fc.boolean(),
  countedUpTo: fc.integer({ min: 0, max: 60 }),
})

function newestOf(input: RetentionInput): KeptBackup | undefined {
  return input.backups.toSorted((a, b) => b.sequence - a.sequence)[0]
}

/** As it looks to the next tick, once the chosen ones are gone. */
function after(input: RetentionInput): RetentionInput {
  const gone = new Set(chooseDeletions(input))
  const newest = newestOf(input)
  return {
    ...input,
    backups: input.backups.filter((backup) => !gone.has(backup.id)),
    countedUpTo: gone.size > 0 && newest ? newest.sequence : input.countedUpTo,
  }
}

describe('retention, whatever the order of clocks', () => {
  test('never takes the last good backup of a plan', () => {
    fc.assert(fc.property(inputs, (input) => !chooseDeletions(input).includes(newestOf(input)?.id ?? '')))
  })

  test('never takes a pinned one, nor one that a restore reads', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const untouchable = input.backups.filter(({ pinned, busy }) => pinned || busy).map(({ id }) => id)
        return chooseDeletions(input).every((id) => !untouchable.includes(id))
      }),
    )
  })

  test('takes nothing while the shrink guard holds or clocks disagree', () => {
    fc.assert(
      fc.property(
        inputs,
        (input) =>
          chooseDeletions({ ...input, held: true }).length === 0 &&
          chooseDeletions({ ...input, clocksDisagree: true }).length === 0,
      ),
    )
  })

  test('takes nothing a second time before something new came in', () => {
    fc.assert(
      fc.property(inputs, (input) => chooseDeletions(input).length === 0 || chooseDeletions(after(input)).length === 0),
    )
  })

  test('takes at most the usual one and one more, the oldest first', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const chosen = chooseDeletions(input)
        const sequences = chosen.map((id) => input.backups.find((backup) => backup.id === id)?.sequence ?? 0)
        expect(chosen.length).toBeLessThanOrEqual(2)
        expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
      }),
    )
  })

  test('keeping longer, or pinning more, never deletes what would have been kept', () => {
    fc.assert(
      fc.property(inputs, fc.integer({ min: 0, max: 100 }), (input, moreDays) => {
        const chosen = chooseDeletions(input)
        const longer = chooseDeletions({ ...input, keepDays: input.keepDays + moreDays })
        expect(longer.length).toBeLessThanOrEqual(chosen.length)
        const allPinned = input.backups.map((backup) => ({ ...backup, pinned: true }))
        expect(chooseDeletions({ ...input, backups: allPinned })).toEqual([])
      }),
    )
  })

  test('nothing younger than the days asked for goes', () => {
    fc.assert(
      fc.property(inputs, (input) =>
        chooseDeletions(input).every((id) => {
          const finishedAt = input.backups.find((backup) => backup.id === id)?.finishedAt ?? now
          return now.getTime() - finishedAt.getTime() > input.keepDays * day
        }),
      ),
    )
  })
})

test('a nightly plan kept for seven days settles at eight backups', () => {
  let kept: KeptBackup[] = []
  let countedUpTo = 0
  for (let night = 1; night <= 30; night++) {
    const finishedAt = new Date(now.getTime() + night * day)
    kept = [...kept, { id: `b${night}`, sequence: night, finishedAt, pinned: false, busy: false }]
    const facts = { keepDays: 7, now: finishedAt, held: false, clocksDisagree: false, countedUpTo }
    const chosen = chooseDeletions({ backups: kept, ...facts })
    if (chosen.length > 0) countedUpTo = night
    kept = kept.filter(({ id }) => !chosen.includes(id))
  }
  expect(kept.map(({ sequence }) => sequence)).toEqual([23, 24, 25, 26, 27, 28, 29, 30])
})

test('a plan that stands still for a year keeps all it has, and so does a clock that leapt ahead', () => {
  const old = [1, 2, 3].map((sequence) => ({
    ...{ id: `b${sequence}`, sequence, pinned: false, busy: false },
    finishedAt: new Date(now.getTime() + sequence * day),
  }))
  const later = new Date(now.getTime() + 365 * day)
  const facts = { keepDays: 7, now: later, held: false, clocksDisagree: false, countedUpTo: 0 }
  expect(chooseDeletions({ backups: old, ...facts })).toEqual([])
})
