import { randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'bson'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { MongoServer } from '@/lib/mongo-driver'
import { fixUpsSchema, maskedValue } from '@/protocol/fix-ups'
import type { BackupSpec } from '@/protocol/specs'
import { fillSampleGirder, samplePeople } from '@/scripts/sample/girder'
import { Cancelled } from './context'
import { InPlaceRig } from './in-place-rig'
import { previewInPlace } from './preview-in-place'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { dropBeside, undo } from './restore/in-place/lead-to-end'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'
import { runRestore } from './run-restore'

/** Promise: fix-ups are applied to what was compared with the backup and before it is used, and never to what stands there. */
let trial: TrialRemote
let rig: InPlaceRig
let backup: BackupSpec
let server: MongoServer
const people = samplePeople(12)

beforeAll(async () => {
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, inject('mongodbUrl'))
  server = await MongoServer.connect(inject('mongodbUrl'))
  // Girder has the tree mounted as /tmp/data; the home of the last user is lost, and one is nobody's
  for (const { login } of [...people.slice(0, -1), { login: 'zombie' }])
    mkdirSync(join(rig.sourceFolder, 'homes', login[0] ?? '', login), { recursive: true })
  mkdirSync(join(rig.sourceFolder, 'base/aa'), { recursive: true })
  writeFileSync(join(rig.sourceFolder, 'base/aa/blob'), 'a file')
  writeFileSync(join(rig.sourceFolder, 'base/aa/tool'), 'runs as its owner')
  chmodSync(join(rig.sourceFolder, 'base/aa/tool'), 0o4755)
  await fillSampleGirder(server, rig.database, people)
  const [base] = (await documentsOf(rig.database, 'assetstore')).filter(({ root }) => root)
  const blobs = ['aa/blob', 'aa/lost'].map((path) => serialize({ _id: path, path, assetstoreId: base?._id }))
  await server.insertRaw(rig.database, 'file', blobs)
  backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())
})
afterAll(async () => {
  await rig.dropDatabase()
  await server.close()
  rig.close()
  await trial.stop()
})

const fixUps = (database = rig.database) =>
  fixUpsSchema.parse({
    ...{ database, assetstoreAddress: null, mailOff: true, emptied: ['token'], clearsRegisteredData: true },
    settings: [{ key: 'core.cookie_domain', value: '.stage.example.org' }],
    paths: [{ from: '/tmp/data', to: '/srv/data' }],
    ...{ administrator: people[0]?.login, pseudonyms: { key: randomBytes(32).toString('base64') } },
  })

async function documentsOf(database: string, collection: string) {
  const found: Record<string, unknown>[] = []
  for await (const batch of server.readRaw(database, collection)) found.push(...batch.map((one) => deserialize(one)))
  return found
}
const isLeft = async (database: string) => {
  const documents = await Promise.all(['user', 'item', 'folder'].map((name) => documentsOf(database, name)))
  return JSON.stringify(documents).includes(people[1]?.email ?? '')
}

it('in place the fixed-up database is exchanged and verified, and undo brings back what stood there before', async () => {
  const before = await rig.documents()
  const spec = rig.inPlaceSpec(backup, { fixUps: fixUps() })
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('succeeded')
  expect(rig.last('exchange').exchange.state).toBe('swapped')
  expect(rig.last('comparison').comparison.differenceCount).toBe(0)
  expect(rig.last('fix-ups').results).toContainEqual({
    ...{ name: 'setting core.cookie_domain', changed: 1 },
    ...{ before: '.wholetale.org', after: '.stage.example.org' },
  })
  expect(await isLeft(rig.database)).toBe(false)
  expect(await documentsOf(rig.database, 'token')).toEqual([])

  await undo(rig.endOptions(spec.restoreId))
  await dropBeside(rig.endOptions(spec.restoreId))
  expect(await rig.documents()).toEqual(before)
})

it('production’s backup goes in place into another instance, fitted to it, without what gives rights there; undo brings back its own', async () => {
  const tool = join(rig.sourceFolder, 'base/aa/tool')
  const good = await rig.tree()
  rmSync(tool)
  writeFileSync(join(rig.sourceFolder, 'of-testing'), 'stands in testing alone')
  await server.insertRaw(rig.database, 'of_testing', [serialize({ _id: 1 })])
  const before = { tree: await rig.tree(), documents: await rig.documents() }
  const instance = { id: randomUUID(), slug: 'wt-stage' }
  const worker = { id: randomUUID(), slug: 'other-name' }
  const spec = rig.inPlaceSpec(backup, { instance, worker, fixUps: fixUps() })
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('warning')
  expect(rig.last('comparison').comparison.differenceCount).toBe(0)
  expect(await rig.tree()).toBe(good.replace(/^(base\/aa\/tool\tf )4755/m, '$1755'))
  expect(statSync(tool).mode & 0o7777).toBe(0o755)
  expect(await isLeft(rig.database)).toBe(false)
  expect(await documentsOf(rig.database, 'of_testing')).toEqual([])

  await undo(rig.endOptions(spec.restoreId))
  await dropBeside(rig.endOptions(spec.restoreId))
  expect({ tree: await rig.tree(), documents: await rig.documents() }).toEqual(before)
})

it('settings that the target has not set itself do not come along, and the preview told of each what it becomes', async () => {
  await server.deleteAll(rig.database, 'setting')
  const here = { 'core.cookie_domain': '.here.example.org', 'oauth.globus_client_secret': 'secret-of-here' }
  await server.insertRaw(
    rig.database,
    'setting',
    Object.entries(here).map(([key, value]) => serialize({ key, value })),
  )
  const apiUrl = 'https://girder.here.example.org/api/v1'
  const settings = [{ key: 'worker.api_url' as const, value: apiUrl }]
  const spec = rig.inPlaceSpec(backup, { fixUps: { ...fixUps(), settings, keptSettings: true } })
  const preview = await previewInPlace(spec, rig.inPlaceContext())
  const told = new Map(preview.settings.map(({ key, ...others }) => [key, others]))
  expect(told.get('core.cookie_domain')).toEqual({ now: '.here.example.org', becomes: 'kept', after: null })
  expect(told.get('oauth.globus_client_secret')).toEqual({ now: maskedValue, becomes: 'kept', after: null })
  expect(told.get('worker.api_url')).toEqual({ now: null, becomes: 'entered', after: apiUrl })
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('succeeded')

  const after = new Map((await documentsOf(rig.database, 'setting')).map(({ key, value }) => [key, value]))
  expect(Object.fromEntries(after)).toMatchObject({ ...here, 'worker.api_url': apiUrl })
  const removed = [...told].flatMap(([key, { becomes }]) => (becomes === 'removed' ? [key] : []))
  expect(removed).toContain('oauth.globus_client_id')
  expect(removed.filter((key) => after.has(key))).toEqual([])
  expect(rig.last('fix-ups').results).toContainEqual({
    ...{ name: 'setting oauth.globus_client_id', changed: 1, before: 'globus-production', after: null },
  })
  await undo(rig.endOptions(spec.restoreId))
  await dropBeside(rig.endOptions(spec.restoreId))
})

it('a restore in place that is cancelled when all was fixed up leaves nothing of it', async () => {
  const before = await rig.documents()
  const requestSwap = async () => {
    throw new Cancelled()
  }
  const spec = rig.inPlaceSpec(backup, { fixUps: fixUps() })
  await expect(runInPlace(spec, rig.inPlaceContext({ requestSwap }))).rejects.toBeInstanceOf(Cancelled)
  expect(rig.last('fix-ups').results.length).toBeGreaterThan(5)
  expect(await rig.documents()).toEqual(before)
  expect(rig.left()).toEqual([])
})

it('beside the databases of the other name are fixed up after the comparison, and the genuine ones stay', async () => {
  const before = await rig.documents()
  const target = { databasePrefix: 'tk_fixed_', connection: inject('mongodbUrl'), tools: 'built-in' as const }
  const spec = rig.restoreSpec(backup)
  const folder = join(rig.work, 'restores', 'fixed')
  await runRestore({ ...spec, target: { kind: 'scratch', folder, mongodb: target }, fixUps: fixUps() }, rig.context())
  const database = `tk_fixed_${rig.database}`
  try {
    expect(rig.last('comparison').comparison.differenceCount).toBe(0)
    expect(await isLeft(database)).toBe(false)
    expect(await isLeft(rig.database)).toBe(true)
    expect(await rig.documents()).toEqual(before)
  } finally {
    await server.dropDatabase(database)
  }
})

it('a database that is not part of the restore is said to be left out', async () => {
  const spec = rig.inPlaceSpec(backup, { fixUps: fixUps('another') })
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('warning')
  expect(rig.last('warning')).toMatchObject({ code: 'fix-ups-not-applied', where: 'another' })
  await dropBeside(rig.endOptions(spec.restoreId))
})

it('both ways it is told which folders and files of Girder are absent, and which homes are nobody’s', async () => {
  const lost = people.at(-1)?.login ?? ''
  const spec = rig.inPlaceSpec(backup)
  await runInPlace(spec, rig.inPlaceContext())
  await dropBeside(rig.endOptions(spec.restoreId))
  const { reconciliation } = rig.last('reconciliation')
  const workspaces = reconciliation.absent.filter((path) => path.startsWith('/tmp/data/workspaces/6/'))
  expect(workspaces).toHaveLength(12)
  expect(reconciliation).toEqual({
    ...{ checked: 26, elsewhere: 12, absentCount: 14, strayCount: 1 },
    absent: expect.arrayContaining([`/tmp/data/homes/${lost[0]}/${lost}`, '/tmp/data/base/aa/lost']),
    stray: [join(rig.sourceFolder, 'homes/z/zombie')],
  })

  const target = { databasePrefix: 'tk_seen_', connection: inject('mongodbUrl'), tools: 'built-in' as const }
  const folder = join(rig.work, 'restores', 'seen')
  await runRestore({ ...rig.restoreSpec(backup), target: { kind: 'scratch', folder, mongodb: target } }, rig.context())
  await server.dropDatabase(`tk_seen_${rig.database}`)
  const beside = rig.last('reconciliation').reconciliation
  expect(new Set(beside.absent)).toEqual(new Set(reconciliation.absent))
  expect(beside.stray).toEqual([join(folder, 'files', rig.sourceFolder, 'homes/z/zombie')])
})
