import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serialize } from 'bson'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { InPlaceRig } from '@/engine/in-place-rig'
import { localRemote, type TrialRemote } from '@/engine/remote/loopback-servers'
import { dropBeside, undo } from '@/engine/restore/in-place/lead-to-end'
import { runBackup } from '@/engine/run-backup'
import { runInPlace } from '@/engine/run-in-place'
import { MongoServer } from '@/lib/mongo-driver'
import type { EventBody, Exchange } from '@/protocol/events'
import type { BackupSpec } from '@/protocol/specs'
import type { RunReference } from '@/protocol/worker-api'
import { ControlPlane } from './control-plane'
import { engine } from './engine'
import { LoopbackControl } from './loopback-control'
import { performRun } from './perform-run'
import { writePolicy } from './policy-file'
import { recoverFromCrash } from './recover'
import { runKey } from './run-key'
import { RunningRuns } from './running-runs'
import { ScratchRegistry } from './scratch-registry'
import { SenderCrew } from './sender-crew'
import { prepareStateFolder, stateFolderAt } from './state-folder'
import { keyRefused, type Station } from './station'

/**
 * Promise: a worker that is revoked in the middle of a restore in place, or of its undo or drop, leaves exactly the old before the
 * commit point and exactly the new after it; what it could not end is ended when it starts again, and told once its key is accepted.
 */
let trial: TrialRemote
let rig: InPlaceRig
let server: MongoServer
let backup: BackupSpec
let control: LoopbackControl
let station: Station
let good: Awaited<ReturnType<typeof standing>>
let spoilt: typeof good

const at = (name: string) => join(rig.sourceFolder, name)
const user = (id: number) => serialize({ _id: id, login: `user${id}` })
/** What people see of the target: without what is kept beside. */
async function standing() {
  const documents = Object.entries(await rig.documents()).filter(([name]) => !/__(?:tk|old|late)_/.test(name))
  return { tree: await rig.tree(), documents: Object.fromEntries(documents) }
}

beforeAll(async () => {
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, inject('mongodbUrl'))
  server = await MongoServer.connect(inject('mongodbUrl'))
  for (const name of ['ada', 'ben', 'cem']) {
    mkdirSync(at(name))
    writeFileSync(at(`${name}/data`), `of ${name}\n`.repeat(1000))
  }
  for (const name of ['user', 'item']) await server.insertRaw(rig.database, name, [1, 2, 3].map(user))
  backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())
  good = await standing()
  writeFileSync(at('ada/data'), 'spoilt')
  rmSync(at('ben'), { recursive: true })
  await server.dropCollection(rig.database, 'item')
  spoilt = await standing()
})
afterAll(async () => {
  await rig.dropDatabase()
  await server.close()
  rig.close()
  await trial.stop()
})
beforeEach(async () => {
  expect(await standing()).toEqual(spoilt)
  control = await new LoopbackControl().open()
  station = openStation()
})
afterEach(async () => {
  await station.senders.finish(0)
  await control.close()
})

function openStation(): Station {
  const state = stateFolderAt(rig.work)
  prepareStateFolder(state)
  const policyFile = join(rig.work, 'policy.json')
  writePolicy(policyFile, rig.policy)
  const client = new ControlPlane(control.url, 'key')
  const running = new RunningRuns()
  const orders = { onCancel: () => {}, onDisowned: running.abort.bind(running) }
  const log = () => {}
  const senders = new SenderCrew(client, orders, log)
  const scratch = new ScratchRegistry(state.restores)
  return { state, policyFile, mongodbToolFolders: [], control: client, engine, running, senders, scratch, log }
}

type Moment = (event: EventBody) => boolean
const started =
  (phase: string): Moment =>
  (event) =>
    event.type === 'phase' && event.phase === phase && event.state === 'started'
const step =
  (words: RegExp): Moment =>
  (event) =>
    event.type === 'log' && words.test(event.text)

/** Performs a run of whom the control plane wants nothing more to know from the moment that is meant, as the heartbeat tells. */
async function performRevoked(run: RunReference, spec: unknown, isMeant: Moment): Promise<void> {
  let isRevoked = false
  const watched = <T extends { report: (event: EventBody) => void }>(context: T): T => ({
    ...context,
    report: (event: EventBody) => {
      context.report(event)
      if (isRevoked || !isMeant(event)) return
      isRevoked = true
      control.keySha256 = 'f'.repeat(64)
      station.running.abort(run, keyRefused())
    },
  })
  control.specs.set(runKey(run), spec)
  const watching = {
    ...engine,
    runInPlace: (...[inPlace, context]: Parameters<typeof engine.runInPlace>) =>
      engine.runInPlace(inPlace, watched(context)),
    endInPlace: (...[end, context]: Parameters<typeof engine.endInPlace>) => engine.endInPlace(end, watched(context)),
  }
  await performRun(run, { ...station, engine: watching })
  expect(isRevoked).toBe(true)
}

/** The next start, when the worker is accepted again: what it tells of the run. */
async function startAgain(run: RunReference) {
  await station.senders.finish(0)
  control.keySha256 = null
  station = openStation()
  await recoverFromCrash(station, new AbortController().signal)
  await control.until(() => control.isFinished(run))
  await station.senders.finish(10_000)
  const bodies = control.eventsOf(run).map(({ body }) => body)
  const exchange = bodies.findLast((body) => body.type === 'exchange')?.exchange.state ?? null
  const finished = bodies.findLast((body) => body.type === 'finished')
  return { exchange, state: finished?.state, code: finished?.problem?.code ?? null }
}

function restoreRun() {
  const spec = rig.inPlaceSpec(backup)
  return { spec, run: { name: 'restore' as const, id: spec.restoreId, attempt: 1 } }
}

const before: [string, Moment, Exchange['state'] | null][] = [
  ['it looks whether it may', started('preflight'), null],
  ['it reads the manifest', started('fetch'), null],
  ['files come beside', started('files'), 'rolled-back'],
  ['collections come beside', started('mongodb'), 'rolled-back'],
  ['all is compared', (event) => event.type === 'comparison', 'rolled-back'],
  ['it waits for its go', started('go'), 'rolled-back'],
  ['the exchange begins', started('swap'), 'rolled-back'],
]
test.each(before)('revoked while %s: the target is as it was, and nothing is left', async (_, isMeant, told) => {
  const { spec, run } = restoreRun()
  await performRevoked(run, spec, isMeant)
  expect(await standing()).toEqual(spoilt)
  expect(rig.left()).toEqual([])
  expect(readdirSync(station.state.journals)).toHaveLength(1)
  expect(await startAgain(run)).toEqual({ exchange: told, state: 'failed', code: 'key-refused' })
})

test('revoked between its wait and the answer: control refuses the go, and the target is as it was', async () => {
  const { spec, run } = restoreRun()
  control.fault = (path) => {
    if (path === 'swap-go') control.keySha256 = 'f'.repeat(64)
    return null
  }
  control.specs.set(runKey(run), spec)
  await performRun(run, station)
  expect(await standing()).toEqual(spoilt)
  expect(rig.left()).toEqual([])
  expect(await startAgain(run)).toEqual({ exchange: 'rolled-back', state: 'failed', code: 'unauthorised' })
})

const after: [string, Moment][] = [
  ['the commit point is written', (event) => event.type === 'exchange' && event.exchange.state === 'committed'],
  ['a folder is exchanged', step(/^step \d+: .*ben: fresh → place$/)],
  ['a collection is exchanged', step(/^step \d+: .*\.user: place → old$/)],
  ['what was exchanged is compared', started('verify')],
]
test.each(after)('revoked when %s: all of the new stands in place, and can be undone', async (_, isMeant) => {
  const { spec, run } = restoreRun()
  await performRevoked(run, spec, isMeant)
  expect(await standing()).toEqual(good)
  expect(await startAgain(run)).toEqual({ exchange: 'swapped', state: 'succeeded', code: null })
  await undo(rig.endOptions(spec.restoreId))
  expect(await standing()).toEqual(spoilt)
  await dropBeside(rig.endOptions(spec.restoreId))
  expect(rig.left()).toEqual([])
})

/** One that stands in place and is to be undone, or was undone and is to be dropped. */
async function endRun(end: 'undo' | 'drop') {
  const restore = rig.inPlaceSpec(backup)
  const { restoreId, attempt, instance } = restore
  await runInPlace(restore, rig.inPlaceContext())
  if (end === 'drop') await undo(rig.endOptions(restoreId))
  const spec = { restoreId, attempt, instance, target: { kind: 'inPlace', writers: 'stopped' }, end }
  return { spec, run: { name: 'discard' as const, id: restoreId, attempt: 1 } }
}

test.each([
  ['it begins', started('swap')],
  ['a folder is put back', step(/^step \d+: .*ada: old → place$/)],
])('revoked in an undo, when %s: it is ended, and all of the old stands in place', async (_, isMeant) => {
  const { spec, run } = await endRun('undo')
  await performRevoked(run, spec, isMeant)
  expect(await standing()).toEqual(spoilt)
  expect(await startAgain(run)).toEqual({ exchange: 'undone', state: 'succeeded', code: null })
  await dropBeside(rig.endOptions(run.id))
  expect(rig.left()).toEqual([])
})

test('revoked in a drop: the next start removes the rest, and a drop that is ordered again says so', async () => {
  const { spec, run } = await endRun('drop')
  await performRevoked(run, spec, started('delete'))
  expect(await standing()).toEqual(spoilt)
  expect(await startAgain(run)).toEqual({ exchange: null, state: 'failed', code: 'key-refused' })
  expect(rig.left()).toEqual([])
  const again = { ...run, attempt: 2 }
  control.specs.set(runKey(again), { ...spec, attempt: 2 })
  await performRun(again, station)
  expect(await startAgain(again)).toMatchObject({ exchange: 'dropped', state: 'succeeded' })
})
