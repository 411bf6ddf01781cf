import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Cancelled } from '@/engine/context'
import type { EventBody } from '@/protocol/events'
import type { RunReference } from '@/protocol/worker-api'
import { ControlPlane } from './control-plane'
import { EventJournal } from './event-journal'
import { EventSender } from './event-sender'
import { type Fault, LoopbackControl } from './loopback-control'
import { requestGo } from './request-go'
import { runKey } from './run-key'

const run: RunReference = { name: 'backup', id: 'a3bb189e-8bf9-4c83-9a1c-6f6e3d1d3c11', attempt: 1 }
const log = (text: string): EventBody => ({ type: 'log', level: 'info', text })
const finished: EventBody = { type: 'finished', state: 'succeeded', problem: null }
const pace = { gapMilliseconds: 5, firstMilliseconds: 5, longestMilliseconds: 50 }
let folder: string
let control: LoopbackControl

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-sender-'))
  control = await new LoopbackControl().open()
})
afterEach(async () => {
  await control.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(journal: EventJournal, resume = false) {
  const [onCancel, onDisowned, written] = [vi.fn(), vi.fn(), vi.fn()]
  const way = { journal, control: new ControlPlane(control.url, 'key'), log: written, onCancel, onDisowned, pace }
  return { sender: new EventSender(way, resume), onCancel, onDisowned, written }
}

const texts = () => control.eventsOf(run).map(({ body }) => (body.type === 'log' ? body.text : body.type))

test('promise: a control plane that fails in every way loses none and doubles none', async () => {
  const faults: Fault[] = ['cut before', 'cut after', 'garbage', 'page', 'unavailable', 'cut after']
  control.fault = () => faults.shift() ?? null
  const journal = EventJournal.create(folder, run)
  const { sender } = start(journal)
  for (const text of ['one', 'two', 'three']) journal.append(log(text))
  journal.append(finished)
  sender.notify()
  await sender.ended
  expect(texts()).toEqual(['one', 'two', 'three', 'finished'])
  expect(readdirSync(folder)).toEqual([])
})

test('promise: while the control plane is away the journal stays; a later process sends it, asking first how far it got', async () => {
  const journal = EventJournal.create(folder, run)
  const first = start(journal)
  journal.append(log('one'))
  first.sender.notify()
  await control.until(() => texts().length === 1)
  const { port } = new URL(control.url)
  await control.close()
  journal.append(log('two'))
  journal.append(finished)
  first.sender.notify()
  await first.sender.stop()
  expect(readdirSync(folder)).toHaveLength(1)

  const earlier = control
  control = new LoopbackControl()
  for (const [key, events] of earlier.taken) control.taken.set(key, events)
  await control.open(Number(port))
  await start(EventJournal.reopen(folder, run), true).sender.ended
  expect(texts()).toEqual(['one', 'two', 'finished'])
  expect(JSON.parse(control.bodies[0] ?? '')).toMatchObject({ events: [] })
  expect(JSON.parse(control.bodies[1] ?? '').events.map((event: { sequence: number }) => event.sequence)).toEqual([
    2, 3,
  ])
  expect(readdirSync(folder)).toEqual([])
})

test('a control plane that was set back to an older backup of its database gets what it forgot', async () => {
  const journal = EventJournal.create(folder, run)
  const { sender } = start(journal)
  for (const text of ['one', 'two']) journal.append(log(text))
  sender.notify()
  await control.until(() => texts().length === 2)
  control.taken.get(runKey(run))?.pop()
  journal.append(finished)
  sender.notify()
  await sender.ended
  expect(texts()).toEqual(['one', 'two', 'finished'])
})

test('cancel arrives with the answer', async () => {
  control.cancelled.add(runKey(run))
  const journal = EventJournal.create(folder, run)
  const { sender, onCancel } = start(journal)
  journal.append(log('one'))
  sender.notify()
  await vi.waitFor(() => expect(onCancel).toHaveBeenCalled())
  await sender.stop()
})

test('a run that control gave to another attempt is given up, and its journal removed', async () => {
  control.disowned.add(runKey(run))
  const journal = EventJournal.create(folder, run)
  const { sender, onDisowned } = start(journal)
  journal.append(log('one'))
  const go = requestGo(
    '{}',
    { journal, sender, control: new ControlPlane(control.url, 'key') },
    new AbortController().signal,
  )
  await expect(go).rejects.toMatchObject({ code: 'stale-attempt' })
  await sender.ended
  expect(onDisowned).toHaveBeenCalled()
  expect(readdirSync(folder)).toEqual([])
})

test('a revoked key keeps the journal, and an answer that names events never made is not believed', async () => {
  control.keySha256 = 'f'.repeat(64)
  const journal = EventJournal.create(folder, run)
  const { sender, written } = start(journal)
  journal.append(finished)
  sender.notify()
  await vi.waitFor(() => expect(written).toHaveBeenCalledWith('warn', expect.stringContaining('unknown key')))
  control.keySha256 = null
  control.taken.set(
    runKey(run),
    Array.from({ length: 7 }, () => ({ sequence: 1, at: '', body: finished })),
  )
  await vi.waitFor(() => expect(written).toHaveBeenCalledWith('warn', expect.stringContaining('names event 7')), 20_000)
  await sender.stop()
  expect(readdirSync(folder)).toHaveLength(1)
})

test('progress is never journalled, only the latest is sent, and one that breaks the schema stops nothing', async () => {
  const journal = EventJournal.create(folder, run)
  const { sender } = start(journal)
  const at = new Date().toISOString()
  const rest = { phase: 'files', subject: 'homes', totalBytes: null, bytesPerSecond: 0, uploadedBytes: 0, at } as const
  for (let doneBytes = 0; doneBytes < 1000; doneBytes += 1) sender.setProgress({ ...rest, doneBytes })
  await control.until(() => control.progress.length > 0)
  sender.setProgress({ ...rest, doneBytes: 0.5 })
  journal.append(finished)
  sender.notify()
  await sender.ended
  expect(control.progress).toEqual([{ ...rest, doneBytes: 999 }])
  expect(texts()).toEqual(['finished'])
})

test('go: everything before is delivered first, outages are waited for, a refusal is told', async () => {
  const journal = EventJournal.create(folder, run)
  const { sender } = start(journal)
  const way = { journal, sender, control: new ControlPlane(control.url, 'key') }
  const { signal } = new AbortController()
  const faults: Fault[] = ['cut before', 'unavailable', 'garbage']
  control.fault = (path) => (path === 'go' ? (faults.shift() ?? null) : null)
  journal.append(log('last part'))
  expect(await requestGo('{"format":1}', way, signal)).toBe('c2lnbmF0dXJl')
  expect(texts()).toEqual(['last part'])
  expect(control.manifests.at(-1)).toBe('{"format":1}')
  control.goRefusal = { status: 409, code: 'stale-attempt', text: 'Another attempt has this run.' }
  await expect(requestGo('{}', way, signal)).rejects.toMatchObject({ code: 'stale-attempt' })
  control.goRefusal = { status: 409, code: 'cancelled', text: 'It is being cancelled.' }
  await expect(requestGo('{}', way, signal)).rejects.toBeInstanceOf(Cancelled)
  await sender.stop()
})

test('go: a run believed lost gives a sign of life and asks again', async () => {
  const journal = EventJournal.create(folder, run)
  const { sender } = start(journal)
  control.goRefusal = { status: 503, code: 'believed-lost', text: 'This run counts as lost.' }
  const go = requestGo(
    '{}',
    { journal, sender, control: new ControlPlane(control.url, 'key') },
    new AbortController().signal,
  )
  await control.until(() => control.taken.has(runKey(run)))
  control.goRefusal = null
  expect(await go).toBe('c2lnbmF0dXJl')
  await sender.stop()
})

test('an answer of 20 MB is not read to its end, and the events wait', async () => {
  const huge = createServer((_, response) => response.end(`"${'x'.repeat(20 * 1024 * 1024)}"`))
  await new Promise<void>((resolve) => huge.listen(0, '127.0.0.1', resolve))
  const address = huge.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  await expect(new ControlPlane(url, 'key').self()).rejects.toThrow('the answer is too long')
  huge.closeAllConnections()
  await new Promise<void>((resolve) => huge.close(() => resolve()))
})
