import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Change, changesOf, type KnownIncident, settleMilliseconds } from './changes'
import type { Condition } from './condition'
import type { SubjectState } from './derive-conditions'
import type { Severity } from './kind-rules'

/** Promise: each change is told once, however often it is looked at; what goes up and down, and clocks that jump, make no noise. */

const start = new Date('2026-11-01T00:00:00Z')
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

function conditionOf(changes: Partial<Condition> = {}): Condition {
  return {
    ...{ kind: 'backup-overdue', subject: 'plan:1', severity: 'critical', title: 'It is overdue', text: 'Since two.' },
    ...{ meaning: 'Loss.', action: 'Look.', href: '/plans/1', instanceIds: [], since: null },
    ...changes,
  }
}

/** What control and its database do, without a database: the rules' changes carried out on rows in memory. */
function createBook() {
  const rows = new Map<string, KnownIncident>()
  const told: { change: string; at: Date; id: string }[] = []
  const fresh = { remindedAt: null, reminders: 0, acknowledgedAt: null, quietUntil: null }
  const carryOut = (change: Change, now: Date) => {
    if (change.type === 'note') return
    const id = change.type === 'open' ? `incident ${rows.size + 1}` : change.incident.id
    const before = rows.get(id)
    const row = (part: Partial<KnownIncident>) => rows.set(id, { ...(before as KnownIncident), ...part })
    if (change.type === 'open')
      row({
        ...change.condition,
        id,
        openedAt: now,
        changedAt: now,
        closedAt: null,
        returns: 0,
        clearSince: null,
        ...fresh,
      })
    if (change.type === 'reopen')
      row({
        ...shown(change.condition),
        closedAt: null,
        clearSince: null,
        changedAt: now,
        returns: (before?.returns ?? 0) + 1,
        ...fresh,
      })
    if (change.type === 'update') {
      const returns = (before?.returns ?? 0) + (change.hasReturned ? 1 : 0)
      const changedAt = change.tell || (before && before.changedAt > now) ? now : before?.changedAt
      const remindedAt = before?.remindedAt && before.remindedAt > now ? now : (before?.remindedAt ?? null)
      row({
        ...shown(change.condition),
        clearSince: null,
        returns,
        changedAt: changedAt ?? now,
        remindedAt,
        ...(change.tell ? fresh : {}),
      })
    }
    if (change.type === 'remind')
      row({
        ...shown(change.condition),
        ...fresh,
        remindedAt: now,
        reminders: (before?.reminders ?? 0) + 1,
        clearSince: null,
      })
    if (change.type === 'clear') row({ clearSince: now })
    if (change.type === 'close') row({ closedAt: change.at, clearSince: null })
    if (change.tell) told.push({ change: change.tell, at: now, id })
  }
  const look = (conditions: Condition[], now: Date, state: SubjectState = 'there') => {
    const changes = changesOf([...rows.values()], conditions, () => state, now)
    for (const change of changes) carryOut(change, now)
    return changes
  }
  const open = () => [...rows.values()].filter(({ closedAt }) => !closedAt)
  return { rows, told, look, open }
}

function shown({ severity, title, text, meaning, action, href }: Condition) {
  return { severity, title, text, meaning, action, href }
}

const words = (book: ReturnType<typeof createBook>) => book.told.map(({ change }) => change).join(' ')

it('opens once, stays silent while nothing changes, and closes once', () => {
  const book = createBook()
  for (let turn = 0; turn < 60; turn++) book.look([conditionOf()], after(turn * minute))
  expect(words(book)).toBe('opened')
  for (let turn = 60; turn < 200; turn++) book.look([], after(turn * minute))
  expect(words(book)).toBe('opened closed')
  expect(book.rows.size).toBe(1)
})

const months = Array.from({ length: 30 * 24 }, (_, turn) => turn * hour)
describe('reminders come with growing gaps', () => {
  const table: [Severity, number[]][] = [
    ['critical', [4, 16, 40, 88, 184, 352, 520, 688]],
    ['warning', [24, 96, 264, 432, 600]],
    ['notice', []],
  ]
  it.each(table)('%s: after hours %j', (severity, hours) => {
    const book = createBook()
    for (const at of months) book.look([conditionOf({ severity })], after(at))
    const reminded = book.told.filter(({ change }) => change === 'reminded')
    expect(reminded.map(({ at }) => (at.getTime() - start.getTime()) / hour)).toEqual(hours)
  })
})

it('falls silent when acknowledged, speaks when it gets worse, and when a snooze ends', () => {
  const book = createBook()
  book.look([conditionOf({ severity: 'warning' })], start)
  const [incident] = book.open()
  book.rows.set(incident?.id ?? '', { ...(incident as KnownIncident), acknowledgedAt: start })
  for (const at of months) book.look([conditionOf({ severity: 'warning' })], after(at))
  expect(words(book)).toBe('opened')
  book.look([conditionOf({ severity: 'critical' })], after(31 * day))
  expect(words(book)).toBe('opened worsened')
  const [worse] = book.open()
  book.rows.set(worse?.id ?? '', { ...(worse as KnownIncident), acknowledgedAt: start, quietUntil: after(40 * day) })
  book.look([conditionOf()], after(39 * day))
  expect(words(book)).toBe('opened worsened')
  book.look([conditionOf()], after(40 * day))
  expect(words(book)).toBe('opened worsened reminded')
})

it('says nothing when it gets less severe', () => {
  const book = createBook()
  book.look([conditionOf()], start)
  book.look([conditionOf({ severity: 'warning' })], after(minute))
  expect(words(book)).toBe('opened')
  expect(book.open()[0]?.severity).toBe('warning')
})

it.each([
  ['paused', 'paused'],
  ['gone', 'gone'],
] as const)('is not called recovered when its subject is %s', (state, ending) => {
  const book = createBook()
  book.look([conditionOf()], start)
  expect(book.look([], after(minute), state)).toMatchObject([{ type: 'close', ending }])
})

it('keeps an incident open whose subject is not heard', () => {
  const book = createBook()
  book.look([conditionOf()], start)
  expect(book.look([], after(minute), 'unknown')).toEqual([])
})

it('joins what goes up and down: three messages, then one when it has settled', () => {
  const book = createBook()
  for (let turn = 0; turn < 24 * 60; turn++) book.look(turn % 2 === 0 ? [conditionOf()] : [], after(turn * minute))
  const noisy = book.told.filter(({ change }) => change !== 'reminded')
  expect(noisy.map(({ change }) => change)).toEqual(['opened', 'closed', 'returned'])
  for (let turn = 24 * 60; turn < 30 * 60; turn++) book.look([], after(turn * minute))
  expect(book.told.at(-1)?.change).toBe('closed')
  expect(book.rows.size).toBe(1)
})

it('waits the longer, the more often something came back', () => {
  expect([0, 1, 2, 3, 5, 50].map((returns) => settleMilliseconds(returns) / minute)).toEqual([0, 15, 30, 60, 240, 240])
})

const flicker = fc.array(fc.boolean(), { minLength: 1, maxLength: 300 })

it('whatever happens: no two of a kind and subject are open, looking twice tells nothing more, and all ends well', () => {
  fc.assert(
    fc.property(flicker, fc.integer({ min: 1, max: 90 }), (turns, minutes) => {
      const book = createBook()
      turns.forEach((isWrong, turn) => {
        const now = after(turn * minutes * minute)
        const conditions = isWrong ? [conditionOf()] : []
        book.look(conditions, now)
        expect(book.open().length).toBeLessThanOrEqual(1)
        if (isWrong) expect(book.open().length).toBe(1)
        expect(book.look(conditions, now).filter(({ tell }) => tell)).toEqual([])
      })
      const end = turns.length * minutes * minute
      for (let turn = 0; turn <= 5 * 60; turn++) book.look([], after(end + turn * minute))
      expect(book.open()).toEqual([])
      const opened = book.told.filter(({ change }) => change === 'opened' || change === 'returned').length
      expect(book.told.filter(({ change }) => change === 'closed').length).toBe(opened)
    }),
  )
})

it('clocks that jump back and forth by years make no noise and leave nothing behind', () => {
  const jump = fc.integer({ min: -1500, max: 1500 })
  fc.assert(
    fc.property(fc.array(jump, { minLength: 1, maxLength: 20 }), (jumps) => {
      const book = createBook()
      book.look([conditionOf()], start)
      let real = 0
      for (const days of jumps) {
        // two looks with a wrong clock, then it is set right
        for (const at of [days * day, days * day + minute, 0]) {
          real += minute
          book.look([conditionOf()], after(real + at))
        }
      }
      expect(book.open().length).toBe(1)
      // forward jumps bring at most one reminder each, as the gap has passed on that clock
      expect(book.told.length).toBeLessThanOrEqual(1 + jumps.length)
      for (let turn = 0; turn < 14 * 24; turn++) book.look([conditionOf()], after(real + turn * hour))
      expect(book.told.length).toBeGreaterThanOrEqual(2)
      for (let turn = 0; turn < 2; turn++) book.look([], after(real + 15 * day + turn * minute))
      expect(book.open()).toEqual([])
    }),
  )
})
