import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { MongoServer } from '@/lib/mongo-driver'
import type { BackupSpec, RestoreSpec } from '@/protocol/specs'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { checkRestore } from './check-restore'
import { dropDatabases } from './mongodb/drop-databases'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { RunRig, readManifestFile } from './run-rig'

/** Promise: a check tells what a restore would meet, and leaves nothing behind. */
let trial: TrialRemote
let rig: RunRig
let backup: BackupSpec
const { signal } = new AbortController()
const connection = () => inject('mongodbUrl')

beforeAll(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  for (let i = 0; i < 3; i++) writeFileSync(join(rig.sourceFolder, `file-${i}`), Buffer.alloc(700_000, i))
  await fillSampleMongodb(connection(), { documents: 200, chunkMegabytes: 1, databasePrefix: 'checked_' })
  const mongodb = {
    ...{ kind: 'mongodb' as const, id: randomUUID(), slug: 'girder', reach: 'direct' as const },
    ...{ connection: connection(), databases: ['checked_girder'], consistency: 'best' as const },
    tools: 'built-in' as const,
  }
  backup = rig.backupSpec({ sources: [mongodb, rig.treeSource()] })
  await runBackup(backup, rig.context())
})
afterAll(async () => {
  await dropDatabases({ connection: connection(), databasePrefix: 'checked_', signal })
  rig.close()
  await trial.stop()
})

const partsFolder = () => join(trial.folder, rig.instance.slug, rig.folder())

async function levelsOf(changes: Partial<RestoreSpec> = {}, more: { expectedBytes?: number } = {}) {
  const {
    limits: _limits,
    worker: _worker,
    ...spec
  } = rig.restoreSpec(backup, {
    target: { kind: 'scratch', folder: join(rig.work, 'restores', randomUUID()), mongodb: null },
    ...changes,
  })
  const asked = { question: 'check-restore' as const, askId: randomUUID(), ...spec, owners: [], expectedBytes: null }
  const { lines } = await checkRestore({ ...asked, ...more }, { ...rig.context(), inPlaceFolder: rig.work })
  expect(readdirSync(join(rig.work, 'restores'))).toEqual([])
  expect(readdirSync(join(rig.work, 'temporary'))).toEqual([])
  return Object.fromEntries(lines.map(({ name, level }) => [name, level]))
}

const mongodbTarget = (databasePrefix: string) => ({
  kind: 'scratch' as const,
  folder: join(rig.work, 'restores', randomUUID()),
  mongodb: { connection: connection(), databasePrefix, tools: 'built-in' as const },
})

it('everything is green where all is well, the MongoDB with its rights included', async () => {
  expect(await levelsOf({ target: mongodbTarget('tk_00000001_') })).toEqual({
    ...{ policy: 'green', tools: 'green', remote: 'green', parts: 'green', space: 'green', folder: 'green' },
    ...{ filesystem: 'green', owners: process.getuid?.() === 0 ? 'green' : 'amber', mongodb: 'green' },
  })
  const server = await MongoServer.connect(connection())
  const names = (await server.listDatabases()).map(({ name }) => name)
  await server.close()
  expect(names.filter((name) => name.startsWith('tk_00000001_'))).toEqual([])
})

it('what the policy does not allow is all that is said', async () => {
  const target = { kind: 'scratch' as const, folder: join(rig.work, 'elsewhere'), mongodb: null }
  expect(await levelsOf({ target })).toEqual({ policy: 'red' })
})

it('a missing part is red, and amber where what was chosen may lie in others', async () => {
  const name =
    readManifestFile(partsFolder()).manifest.artifacts.find(({ kind }) => kind === 'files')?.parts[1]?.name ?? ''
  renameSync(join(partsFolder(), name), join(trial.folder, 'aside'))
  try {
    expect(await levelsOf()).toMatchObject({ remote: 'green', parts: 'red' })
    const paths = [Buffer.from(join(rig.sourceFolder, 'file-0').slice(1)).toString('base64')]
    const selection = { paths: [{ artifact: 'files.tar.zst', paths }], namespaces: null }
    expect(await levelsOf({ selection })).toMatchObject({ parts: 'amber' })
  } finally {
    renameSync(join(trial.folder, 'aside'), join(partsFolder(), name))
  }
})

it('a manifest that is not the one that is known is red', async () => {
  const anchored = { ...rig.restoreSpec(backup).backup, manifestSha256: '0'.repeat(64) }
  const levels = await levelsOf({ backup: anchored })
  expect(levels).toMatchObject({ remote: 'red', folder: 'green' })
  expect(levels.parts).toBeUndefined()
})

it('a disk that is too small, a folder and databases that are there are red', async () => {
  expect(await levelsOf({}, { expectedBytes: 2 ** 50 })).toMatchObject({ space: 'red' })
  const folder = join(rig.work, 'taken')
  mkdirSync(folder)
  rig.policy.restoreRoots.push(rig.work)
  expect(await levelsOf({ target: { kind: 'scratch', folder, mongodb: null } })).toMatchObject({ folder: 'red' })
  rmSync(folder, { recursive: true })
  expect(await levelsOf({ target: mongodbTarget('checked_') })).toMatchObject({ mongodb: 'red' })
})

it('what the backup does not hold is red', async () => {
  const namespaces = [{ database: 'checked_girder', collection: 'no_such' }]
  expect(await levelsOf({ selection: { paths: [], namespaces }, target: mongodbTarget('tk_2_') })).toMatchObject({
    parts: 'red',
  })
})

it('a MongoDB that does not answer is red, in plain words', async () => {
  const target = mongodbTarget('tk_3_')
  target.mongodb.connection = 'mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=300'
  expect(await levelsOf({ target })).toMatchObject({ parts: 'green', mongodb: 'red' })
})
