import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EventBody, RunEvent } from '@/protocol/events'
import type { RunReference } from '@/protocol/worker-api'
import { EventJournal, listJournals, softLimitBytes } from './event-journal'
import { runKey } from './run-key'

const run: RunReference = { name: 'backup', id: 'a3bb189e-8bf9-4c83-9a1c-6f6e3d1d3c11', attempt: 1 }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const log = (text: string): EventBody => ({ type: 'log', level: 'info', text })
const fileOf = () => join(folder, readdirSync(folder)[0] ?? '')

/** What may happen between worker, disk and control plane. */
type Step =
  | { kind: 'append'; text: string }
  | { kind: 'send'; limit: number; answer: 'heard' | 'lost' | 'doubled' }
  /** power loss: what was not flushed is cut anywhere, even within a line */
  | { kind: 'crash'; keep: number; garbage: string }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('append' as const), text: fc.string({ unit: 'grapheme', maxLength: 60 }) }),
    fc.record({
      kind: fc.constant('send' as const),
      limit: fc.integer({ min: 1, max: 5 }),
      answer: fc.constantFrom('heard' as const, 'lost' as const, 'doubled' as const),
    }),
    fc.record({
      kind: fc.constant('crash' as const),
      keep: fc.double({ min: 0, max: 1, noNaN: true }),
      garbage: fc.constantFrom('', '{"sequence":', '\0\0\0\0', '{"sequence":1,"at"'),
    }),
  ),
  { maxLength: 60 },
)

test('promise: whatever crashes, control takes exactly the events that are journalled, none lost, none doubled', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const own = mkdtempSync(join(folder, 'script-'))
      const file = join(own, `${runKey(run)}.jsonl`)
      let journal = EventJournal.create(own, run)
      const control: RunEvent[] = []
      let known = 0
      let flushedSize = 0
      const post = (events: RunEvent[]) => {
        for (const event of events) if (event.sequence === control.length + 1) control.push(event)
      }
      const send = async (limit: number, answer: 'heard' | 'lost' | 'doubled') => {
        await journal.flush()
        flushedSize = readFileSync(file).length
        const events = journal.readAfter(known, limit)
        post(events)
        if (answer === 'doubled') post(events)
        if (answer !== 'lost') known = control.length
      }
      for (const step of script) {
        if (step.kind === 'append') journal.append(log(step.text))
        else if (step.kind === 'send') await send(step.limit, step.answer)
        else {
          journal.close()
          const size = readFileSync(file).length
          truncateSync(file, flushedSize + Math.floor((size - flushedSize) * step.keep))
          appendFileSync(file, step.garbage)
          journal = EventJournal.reopen(own, run)
          known = control.length
        }
        expect(journal.lastSequence).toBeGreaterThanOrEqual(control.length)
      }
      journal.append({ type: 'finished', state: 'succeeded', problem: null })
      // each send brings at least one: a journal that stands still fails below instead of hanging
      for (let left = journal.lastSequence; left > 0; left -= 1) await send(3, 'heard')
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
      expect(control).toEqual(lines.map((line) => JSON.parse(line)))
      expect(control.map(({ sequence }) => sequence)).toEqual(control.map((_, index) => index + 1))
      expect(control.at(-1)?.body.type).toBe('finished')
      journal.close()
    }),
    { numRuns: 100, interruptAfterTimeLimit: 20_000 },
  )
}, 60_000)

test('a line that the disk spoiled keeps its number, so that later ones keep theirs', async () => {
  const journal = EventJournal.create(folder, run)
  for (const text of ['one', 'two', 'three']) journal.append(log(text))
  await journal.flush()
  journal.close()
  writeFileSync(fileOf(), readFileSync(fileOf(), 'utf8').replace('"two"', '"tw\0o'))
  const events = EventJournal.reopen(folder, run).readAfter(0)
  expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
  expect(events[1]?.body).toMatchObject({ type: 'log', level: 'error' })
})

test('a second journal of the same run and attempt is refused', () => {
  EventJournal.create(folder, run).close()
  expect(() => EventJournal.create(folder, run)).toThrow('EEXIST')
  expect(listJournals(folder)).toEqual([run])
})

test('what breaks the schema is told as a log line and never stops later events; the end is always told', () => {
  const journal = EventJournal.create(folder, run)
  journal.append({ type: 'folder', folder: 'x'.repeat(1000) })
  journal.append({ type: 'finished', state: 'failed', problem: { code: 'Not Kebab', text: '' } })
  const [first, last] = journal.readAfter(0)
  expect(first?.body).toMatchObject({ type: 'log', level: 'error' })
  expect(last?.body).toMatchObject({ type: 'finished', state: 'failed', problem: { code: 'internal-error' } })
})

test('log lines and warnings beyond the bound are left out and counted; everything else is kept', () => {
  const journal = EventJournal.create(folder, run)
  const line = log('x'.repeat(2000))
  const enough = Math.ceil(softLimitBytes / 2000)
  for (let count = 0; count < enough + 1000; count += 1) journal.append(line)
  journal.append({ type: 'phase', phase: 'files', state: 'finished' })
  journal.append({ type: 'finished', state: 'succeeded', problem: null })
  const last = journal.readAfter(journal.lastSequence - 3).map(({ body }) => body)
  expect(last[0]).toMatchObject({ type: 'phase' })
  expect(last[1]).toMatchObject({ type: 'log', text: expect.stringMatching(/\d+ further log lines/) })
  expect(last[2]).toMatchObject({ type: 'finished' })
  expect(readFileSync(fileOf()).length).toBeLessThan(softLimitBytes + 10_000)
})
