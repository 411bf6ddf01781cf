import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'bson'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { MongoServer } from '@/lib/mongo-driver'
import type { EventBody } from '@/protocol/events'
import type { BackupSpec } from '@/protocol/specs'
import { type DemoMongo, startDemoMongo } from '@/scripts/servers/demo-mongo'
import { InPlaceRig } from './in-place-rig'
import { recoverInPlace } from './recover-in-place'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { dropBeside } from './restore/in-place/lead-to-end'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'

/**
 * Promise: a restore in place that loses its MongoDB, its remote or its disk leaves all as it was, or all as it is in the backup, and
 * never a mixture; what it could not clean up at once is cleaned up when the worker starts again.
 */
let trial: TrialRemote
let rig: InPlaceRig
let mongo: DemoMongo
let backup: BackupSpec
let spoilt: Awaited<ReturnType<typeof stateNow>>
const mongoFolder = mkdtempSync(join(tmpdir(), 'talekeeper-mongo-'))

const at = (name: string) => join(rig.sourceFolder, name)
const stateNow = async () => ({ tree: await rig.tree(), documents: await rig.documents() })
const genuine = (documents: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(documents).filter(([name]) => !/__(?:tk|old|late)_/.test(name)))

async function change(work: (server: MongoServer) => Promise<unknown>): Promise<void> {
  const server = await MongoServer.connect(mongo.url)
  await work(server)
  await server.close()
}

beforeAll(async () => {
  mongo = await startDemoMongo(mongoFolder)
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, mongo.url)
  for (const name of ['ada', 'ben', 'cem']) {
    mkdirSync(at(name))
    writeFileSync(at(`${name}/data`), `of ${name}\n`.repeat(1000))
  }
  const users = Array.from({ length: 500 }, (_, id) => serialize({ _id: id, login: `user${id}` }))
  await change(async (server) => {
    for (const name of ['user', 'item', 'folder']) await server.insertRaw(rig.database, name, users)
  })
  backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())
  writeFileSync(at('ada/data'), 'spoilt')
  rmSync(at('ben'), { recursive: true })
  await change((server) => server.dropCollection(rig.database, 'item'))
  spoilt = await stateNow()
})
afterAll(async () => {
  await mongo.stop()
  rig.close()
  await trial.stop()
  for (const path of [mongoFolder, `${mongoFolder}.log`]) rmSync(path, { recursive: true, force: true })
})
beforeEach(async () => {
  expect(await stateNow()).toEqual(spoilt)
  expect(rig.left()).toEqual([])
})

/** Restores, and does `fault` once at the first event that is meant; rejects as the restore does. */
async function restoreWith(isMeant: (event: EventBody) => boolean, fault: () => unknown) {
  let isDone = false
  const report = (event: EventBody) => {
    rig.events.push(event)
    if (isDone || !isMeant(event)) return
    isDone = true
    fault()
  }
  const spec = rig.inPlaceSpec(backup)
  const outcome = await runInPlace(spec, rig.inPlaceContext({ report })).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(isDone).toBe(true)
  return { spec, outcome }
}
const started =
  (phase: string) =>
  (event: EventBody): boolean =>
    event.type === 'phase' && event.phase === phase && event.state === 'started'
const recover = () => recoverInPlace(rig.inPlaceFolder, { signal: rig.controller.signal, log: () => {} })
const killMongo = () => void mongo.process?.kill('SIGKILL')
async function startMongoAgain(): Promise<void> {
  mongo = await startDemoMongo(mongoFolder, { port: mongo.port })
}

const canKill = process.env.DEMO_MONGODB_URL === undefined
it.skipIf(!canKill).each(['mongodb', 'go'])(
  'MongoDB is killed in %s, before the commit point: nothing was exchanged, and the next start cleans up',
  async (phase) => {
    const { outcome } = await restoreWith(started(phase), killMongo)
    expect(outcome).toMatchObject({ code: 'mongodb-unreachable', action: expect.any(String) })
    await startMongoAgain()
    await recover()
    expect(await stateNow()).toEqual(spoilt)
  },
)

it.skipIf(!canKill)(
  'MongoDB is killed in the middle of the exchange: the next start leads everything back',
  async () => {
    const { spec, outcome } = await restoreWith(
      (event) => event.type === 'log' && /^step \d+: .*\.folder: place → old$/.test(event.text),
      killMongo,
    )
    expect(outcome).toMatchObject({ code: 'half-way', action: expect.stringContaining(spec.restoreId) })
    await startMongoAgain()
    expect(await recover()).toMatchObject([{ restoreId: spec.restoreId, problem: null, exchange: { state: 'undone' } }])
    const back = await stateNow()
    expect(back.tree).toBe(spoilt.tree)
    expect(genuine(back.documents)).toEqual(spoilt.documents)
    await dropBeside(rig.endOptions(spec.restoreId))
  },
)

it('the remote is gone while parts are fetched: nothing was changed, and nothing is left', async () => {
  const { outcome } = await restoreWith(started('files'), () => renameSync(trial.folder, `${trial.folder}.gone`))
  renameSync(`${trial.folder}.gone`, trial.folder)
  expect(outcome).toMatchObject({ code: expect.any(String), action: expect.any(String) })
})

it('the disk is full while files come beside: nothing was changed, and nothing is left', async (test) => {
  const other = localRemote()
  const small = new InPlaceRig(other.remote, null)
  const mount = (...words: string[]) => runCommand('mount', { arguments: [...words, small.sourceFolder] })
  const { exitCode } = await mount('-t', 'tmpfs', '-o', 'size=64m,mode=755', 'none')
  if (exitCode !== 0) return test.skip('needs the right to mount a tmpfs')
  try {
    const names = Array.from({ length: 40 }, (_, number) => `file-${number}`)
    for (const name of names) writeFileSync(join(small.sourceFolder, name), name)
    const whole = small.backupSpec({ sources: [small.treeSource()] })
    await runBackup(whole, small.context())
    for (const name of names.slice(20)) rmSync(join(small.sourceFolder, name))
    const before = await small.tree()
    // as many bytes as the check wants, and names for a part of what comes
    await mount('-o', 'remount,nr_inodes=50')
    const outcome = await runInPlace(small.inPlaceSpec(whole), small.inPlaceContext()).catch(
      (reason: unknown) => reason,
    )
    expect(outcome).toMatchObject({ message: expect.stringMatching(/space/i) })
    expect(await small.tree()).toBe(before)
    expect(small.left()).toEqual([])
  } finally {
    await runCommand('umount', { arguments: [small.sourceFolder] })
    small.close()
    await other.stop()
  }
})
