import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Cancelled } from '@/engine/context'
import type { RunReference } from '@/protocol/worker-api'
import { ControlPlane } from './control-plane'
import { EventJournal } from './event-journal'
import { type Fault, LoopbackControl } from './loopback-control'
import { performRun } from './perform-run'
import { writePolicy } from './policy-file'
import { recoverFromCrash } from './recover'
import { aloneKey, runKey } from './run-key'
import { RunningRuns } from './running-runs'
import { ScratchRegistry } from './scratch-registry'
import { SenderCrew } from './sender-crew'
import { prepareStateFolder, stateFolderAt } from './state-folder'
import type { Engine, Station } from './station'

const id = 'a3bb189e-8bf9-4c83-9a1c-6f6e3d1d3c11'
const prune: RunReference = { name: 'prune', id, attempt: 1 }
const discard: RunReference = { name: 'discard', id, attempt: 1 }
const place = { id, slug: 'wt-test' }
let folder: string
let control: LoopbackControl
let station: Station
let logged: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-run-'))
  control = await new LoopbackControl().open()
  logged = []
  const state = stateFolderAt(join(folder, 'state'))
  prepareStateFolder(state)
  const policyFile = join(folder, 'policy.json')
  const roots = { sourceRoots: [], restoreRoots: [folder], localRemoteRoots: [] }
  writePolicy(policyFile, { version: 1, ...roots, backends: ['s3'], mongodb: false, inPlaceRestore: false })
  const client = new ControlPlane(control.url, 'key')
  const running = new RunningRuns()
  const log: Station['log'] = (level, text) => logged.push(`${level} ${text}`)
  const orders = {
    onCancel: (run: RunReference) => running.abort(run, new Cancelled()),
    onDisowned: running.abort.bind(running),
  }
  const senders = new SenderCrew(client, orders, log)
  const scratch = new ScratchRegistry(state.restores)
  station = {
    state,
    policyFile,
    mongodbToolFolders: [],
    control: client,
    engine: engine(),
    running,
    senders,
    scratch,
    log,
  }
})
afterEach(async () => {
  await station.senders.finish(0)
  await control.close()
  rmSync(folder, { recursive: true, force: true })
})

function engine(changed: Partial<Engine> = {}): Engine {
  const unused = () => Promise.reject(new Error('not part of this test'))
  const none = { runBackup: unused, runRestore: unused, runDiscard: unused, runPrune: unused, runInspection: unused }
  const inPlace = { runInPlace: unused, endInPlace: unused, recoverInPlace: async () => [] }
  const copies = { runReplication: unused }
  const asks = {
    runOlderRestore: unused,
    testRemote: unused,
    checkRestore: unused,
    previewInPlace: unused,
    checkSource: unused,
    discover: unused,
    listBackends: unused,
    listFolder: unused,
    scanHostKey: unused,
  }
  const sends = { sendIndex: unused, sendFile: unused, sendFolder: unused }
  return { ...none, ...inPlace, ...copies, ...asks, ...sends, removeTree: unused, ...changed }
}

function pruneSpec() {
  const items = [{ backupId: id, folder: '20261123/000000Z-nightly', reason: 'retention' }]
  const options = { provider: 'Minio', access_key_id: 'k', secret_access_key: 'MARKER-SECRET' }
  const remote = { id, baseFolder: 'bucket/WT', backend: 's3', options }
  return { pruneId: id, attempt: 1, instance: place, worker: place, remote, items }
}

async function endingOf(run: RunReference) {
  await control.until(() => control.isFinished(run))
  return control.eventsOf(run).at(-1)?.body
}

test('a run that is not ours to do ends quietly and leaves no journal', async () => {
  await performRun(prune, station)
  expect(control.eventsOf(prune)).toEqual([])
  expect(readdirSync(station.state.journals)).toEqual([])
})

test('a spec that is not understood fails the run, naming the field but no value of it', async () => {
  control.specs.set(runKey(prune), { ...pruneSpec(), items: 'MARKER-SECRET' })
  await performRun(prune, station)
  expect(await endingOf(prune)).toMatchObject({
    state: 'failed',
    problem: { code: 'spec-not-understood', text: expect.stringContaining('items') },
  })
  expect(JSON.stringify([control.bodies, logged])).not.toContain('MARKER-SECRET')
})

test('a policy file that went wrong meanwhile fails the run with what to do', async () => {
  writeFileSync(station.policyFile, '{')
  control.specs.set(runKey(prune), pruneSpec())
  await performRun(prune, station)
  expect(await endingOf(prune)).toMatchObject({ state: 'failed', problem: { code: 'policy-invalid' } })
})

test('a defect shows a generic text to people, and its details in the log of this host only', async () => {
  control.specs.set(runKey(prune), pruneSpec())
  const runPrune = () => Promise.reject(new TypeError('x is undefined at mongodb://user:MARKER-SECRET@host'))
  await performRun(prune, { ...station, engine: engine({ runPrune }) })
  expect(await endingOf(prune)).toMatchObject({ state: 'failed', problem: { code: 'internal-error' } })
  expect(logged.join()).toContain('x is undefined at mongodb://[secret]@host')
  expect(control.bodies.join()).not.toContain('x is undefined')
})

test('promise: a claim whose answer got lost is reported, so that the run does not hang as running', async () => {
  control.specs.set(runKey(prune), pruneSpec())
  const faults: Fault[] = ['cut after']
  control.fault = (path) => (path === 'claims' ? (faults.shift() ?? null) : null)
  await performRun(prune, station)
  expect(await endingOf(prune)).toMatchObject({ state: 'failed', problem: { code: 'claim-unanswered' } })
})

test('temporary files are gone however the run ends, and a cancel is no failure', async () => {
  control.specs.set(runKey(prune), pruneSpec())
  const runPrune: Engine['runPrune'] = async (_, { temporaryFolder, signal }) => {
    writeFileSync(join(temporaryFolder, 'rclone.conf'), 'secret')
    station.running.abort(prune, new Cancelled())
    throw signal.reason
  }
  await performRun(prune, { ...station, engine: engine({ runPrune }) })
  expect(await endingOf(prune)).toEqual({ type: 'finished', state: 'cancelled', problem: null })
  expect(readdirSync(station.state.temporary)).toEqual([])
})

test('promise: a discard of a place that this worker did not make is refused before anything is removed', async () => {
  const runDiscard = vi.fn()
  const target = { kind: 'scratch', folder, mongodb: null }
  control.specs.set(runKey(discard), { restoreId: id, attempt: 1, instance: place, target })
  await performRun(discard, { ...station, engine: engine({ runDiscard }) })
  expect(await endingOf(discard)).toMatchObject({ state: 'failed', problem: { code: 'scratch-unknown' } })
  expect(runDiscard).not.toHaveBeenCalled()
})

test('a scratch place that a killed restore left is removed, and databases are named that a discard must drop', async () => {
  const scratchFolder = join(folder, 'scratch-place')
  const mongodb = { connection: 'mongodb://h', databasePrefix: 'tk_7_', tools: 'auto' as const }
  const target = { kind: 'scratch' as const, folder: scratchFolder, mongodb }
  station.scratch.begin({ restoreId: id, target } as Parameters<ScratchRegistry['begin']>[0], id)
  mkdirSync(scratchFolder)
  const restore: RunReference = { name: 'restore', id, attempt: 1 }
  writeFileSync(join(station.state.journals, `${runKey(restore)}.jsonl`), '')
  const removeTree: Engine['removeTree'] = async (path) => rmSync(path, { recursive: true })
  await recoverFromCrash({ ...station, engine: engine({ removeTree }) }, new AbortController().signal)
  expect(await endingOf(restore)).toMatchObject({
    state: 'failed',
    problem: { action: expect.stringContaining('tk_7_') },
  })
  expect(existsSync(scratchFolder)).toBe(false)
  expect(station.scratch.find(id)).toMatchObject({ state: 'made' })
})

test('promise: a backup whose worker was killed once all was on the remote is reported as what it is', async () => {
  const backup: RunReference = { name: 'backup', id, attempt: 1 }
  const journal = EventJournal.create(station.state.journals, backup)
  const figures = { bytes: 1, rawBytes: 1, warningCount: 2, changedFiles: 0, held: [], namespaces: {}, trees: {} }
  journal.append({ type: 'summary', ...figures, consistency: 'plain', tools: {} })
  journal.close()
  await recoverFromCrash(station, new AbortController().signal)
  expect(await endingOf(backup)).toEqual({ type: 'finished', state: 'warning', problem: null })
})

test('a restore that names no folder goes into one of its own in the scratch folder of this worker', async () => {
  const restore: RunReference = { name: 'restore', id, attempt: 1 }
  const remote = { id, baseFolder: 'WT', backend: 'local', options: {} }
  control.specs.set(runKey(restore), {
    ...{ restoreId: id, attempt: 1, instance: place, worker: place, remote, signingKeys: [], artifacts: null },
    backup: { id, instance: place, folder: '20261123/000000Z-nightly', manifestSha256: null },
    target: { kind: 'scratch', folder: null, mongodb: null },
    limits: { durationSeconds: 600, stallSeconds: 600, bytesPerSecond: null },
  })
  const runRestore = vi.fn<Engine['runRestore']>().mockResolvedValue('succeeded')
  await performRun(restore, { ...station, engine: engine({ runRestore }) })
  expect(await endingOf(restore)).toMatchObject({ state: 'succeeded' })
  const scratchFolder = join(station.state.scratch, id)
  expect(runRestore.mock.calls[0]?.[0].target.folder).toBe(scratchFolder)
  expect(control.eventsOf(restore)[0]?.body).toEqual({ type: 'scratch', folder: scratchFolder })
})

test('the sweep at the start takes what a killed run left, and neither what lives nor what is not ours', async () => {
  const uuid = 'a3bb189e-8bf9-4c83-9a1c-6f6e3d1d3c12'
  const [dead, alive] = [aloneKey(999_999_999, uuid), aloneKey(process.pid, uuid)]
  for (const name of [dead, alive, runKey(prune), 'photos']) mkdirSync(join(station.state.spool, name))
  await recoverFromCrash(station, new AbortController().signal)
  expect(readdirSync(station.state.spool).sort()).toEqual([alive, 'photos'].sort())
})

test('a file of the older scripts is restored beside like a backup: into a scratch place that can be discarded', async () => {
  const restore: RunReference = { name: 'restore', id, attempt: 1 }
  const remote = { id, baseFolder: 'WT', backend: 'local', options: {} }
  const order = {
    ...{ restoreId: id, attempt: 1, instance: place, worker: place, remote },
    older: { path: 'wt-old/20220101/home-20220101.tgz' },
    target: { kind: 'scratch', folder: null, mongodb: null },
    limits: { durationSeconds: 600, stallSeconds: 600, bytesPerSecond: 2048 },
  }
  control.specs.set(runKey(restore), order)
  const runOlderRestore = vi.fn<Engine['runOlderRestore']>().mockImplementation(async ({ target }) => {
    mkdirSync(target.folder, { recursive: true })
    return 'succeeded'
  })
  await performRun(restore, { ...station, engine: engine({ runOlderRestore }) })
  expect(await endingOf(restore)).toMatchObject({ state: 'succeeded' })
  const scratchFolder = join(station.state.scratch, id)
  expect(runOlderRestore.mock.calls[0]?.[0]).toMatchObject({
    ...{
      path: order.older.path,
      remote: { baseFolder: 'WT' },
      target: { folder: scratchFolder },
      bytesPerSecond: 2048,
    },
  })
  expect(control.eventsOf(restore)[0]?.body).toEqual({ type: 'scratch', folder: scratchFolder })
  expect(station.scratch.find(id)).toMatchObject({ state: 'made', folder: scratchFolder })
})

test('promise: a control plane that was taken over names no path of its choice as an older file', async () => {
  const restore: RunReference = { name: 'restore', id, attempt: 1 }
  const runOlderRestore = vi.fn<Engine['runOlderRestore']>()
  control.specs.set(runKey(restore), {
    ...{ restoreId: id, attempt: 1, instance: place, worker: place },
    remote: { id, baseFolder: 'WT', backend: 'local', options: {} },
    older: { path: 'wt-old/20220101/../../secret.tar' },
    target: { kind: 'scratch', folder: null, mongodb: null },
    limits: { durationSeconds: 600, stallSeconds: 600, bytesPerSecond: null },
  })
  await performRun(restore, { ...station, engine: engine({ runOlderRestore }) })
  expect(await endingOf(restore)).toMatchObject({ state: 'failed', problem: { code: 'spec-not-understood' } })
  expect(runOlderRestore).not.toHaveBeenCalled()
})
