import { randomUUID } from 'node:crypto'
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'bson'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { MongoServer } from '@/lib/mongo-driver'
import type { BackupSpec, InPlaceSpec } from '@/protocol/specs'
import { checkRestore } from './check-restore'
import { InPlaceRig } from './in-place-rig'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { checkMounts } from './restore-check/in-place-mounts'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'

/** Promise: the check of a restore in place says before it what would stop it, and leaves nothing behind. */
let trial: TrialRemote
let rig: InPlaceRig
let backup: BackupSpec
let server: MongoServer
let connection: string

beforeAll(async () => {
  connection = inject('mongodbUrl')
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, connection)
  server = await MongoServer.connect(connection)
  mkdirSync(join(rig.sourceFolder, 'ada'))
  writeFileSync(join(rig.sourceFolder, 'ada/data'), 'of ada')
  await server.insertRaw(rig.database, 'user', [serialize({ _id: 1 })])
  backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())
})
afterAll(async () => {
  await rig.dropDatabase()
  await server.close()
  rig.close()
  await trial.stop()
})

async function levels(
  changes: Partial<Pick<InPlaceSpec, 'artifacts' | 'selection'>> = {},
  writers = 'stopped' as const,
) {
  const { limits: _limits, worker, ...spec } = rig.restoreSpec(backup, changes)
  const mongodb = { connection, databasePrefix: 'unused_', tools: 'built-in' as const }
  const { lines } = await checkRestore(
    {
      ...{ question: 'check-restore', askId: randomUUID(), owners: [], expectedBytes: null, ...spec },
      ...{ target: { ...spec.target, mongodb }, inPlace: { worker, writers, trees: [] } },
    },
    { ...rig.context(), inPlaceFolder: rig.inPlaceFolder },
  )
  return Object.fromEntries(lines.map(({ name, level }) => [name, level]))
}
/** Only root may, and not in every container. */
const canMount = await (async () => {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-mount-'))
  const { exitCode } = await runCommand('mount', { arguments: ['-t', 'tmpfs', 'none', folder] })
  if (exitCode === 0) await runCommand('umount', { arguments: [folder] })
  rmSync(folder, { recursive: true })
  return exitCode === 0
})()
const names = async () => (await server.listCollections(rig.database)).map(({ name }) => name)
const allGreen = {
  ...{ allowed: 'green', backup: 'green', places: 'green', room: 'green', mounts: 'green' },
  ...{ 'foreign-folders': 'green', 'open-files': 'green', collections: 'green' },
}

it('everything is green where all is well, and nothing is left behind', async () => {
  expect(await levels()).toEqual(allGreen)
  expect(await names()).toEqual(['user'])
  expect(readdirSync(rig.sourceFolder)).toEqual(['ada'])
  expect(readdirSync(rig.inPlaceFolder)).toEqual([])
})

it('a host that does not allow it, or not there, is red', async () => {
  rig.policy.inPlaceRestore = false
  expect(await levels()).toEqual({ allowed: 'red' })
  rig.policy.inPlaceRestore = true
  const roots = rig.policy.sourceRoots.splice(0)
  expect(await levels()).toMatchObject({ places: 'red', collections: 'green' })
  rig.policy.sourceRoots.push(...roots)
})

it('files open for writing and folders that others can write want a tick', async () => {
  const open = openSync(join(rig.sourceFolder, 'ada/data'), 'a')
  expect(await levels()).toEqual({ ...allGreen, 'open-files': 'amber' })
  closeSync(open)
  chmodSync(rig.sourceFolder, 0o777)
  expect(await levels()).toEqual({ ...allGreen, 'foreign-folders': 'amber' })
  chmodSync(rig.sourceFolder, 0o755)
})

it('what an earlier restore left among the collections is named', async () => {
  await server.createCollection(rig.database, 'user__old_01234567')
  expect(await levels()).toEqual({ ...allGreen, collections: 'amber' })
  await server.dropCollection(rig.database, 'user__old_01234567')
})

it('a name that would become too long is red, in the database as in the backup', async () => {
  const long = 'x'.repeat(225)
  await server.createCollection(rig.database, long)
  expect(await levels()).toEqual({ ...allGreen, collections: 'red' })
  await server.dropCollection(rig.database, long)
})

it.skipIf(!canMount)(
  'a filesystem that is mounted inside stops, and one that is too small for what comes',
  async () => {
    const mounted = async (folder: string, size: string) => {
      await runCommand('mount', { arguments: ['-t', 'tmpfs', '-o', `size=${size},mode=755`, 'none', folder] })
      try {
        return await levels()
      } finally {
        await runCommand('umount', { arguments: [folder] })
      }
    }
    mkdirSync(join(rig.sourceFolder, 'ada/inner'))
    expect(await mounted(join(rig.sourceFolder, 'ada/inner'), '1m')).toEqual({ ...allGreen, mounts: 'red' })
    expect(await mounted(join(rig.sourceFolder, 'ada'), '1m')).toEqual({ ...allGreen, mounts: 'amber' })
    rmSync(join(rig.sourceFolder, 'ada/inner'), { recursive: true })
    expect(await mounted(rig.sourceFolder, '4k')).toEqual({ ...allGreen, room: 'red' })
  },
)

it('an earlier restore of the same places that keeps its old copy is red', async () => {
  const spec = rig.inPlaceSpec(backup)
  await runInPlace(spec, rig.inPlaceContext())
  expect(await levels()).toMatchObject({ places: 'red' })
})

it('what is mounted deep inside stops, what is mounted right in a tree is named', () => {
  const trees = [{ whole: [Buffer.from('/mnt/homes')], chosen: [] }]
  expect(checkMounts(trees, ['/', '/mnt/homes', '/mnt/homes2'])).toMatch(/Nothing/)
  expect(checkMounts(trees, ['/mnt/homes/x'])).toMatchObject({ level: 'amber' })
  expect(() => checkMounts(trees, ['/mnt/homes/x/y'])).toThrow(/mounted inside/)
  const chosen = [{ whole: [], chosen: [Buffer.from('/mnt/homes/x')] }]
  expect(() => checkMounts(chosen, ['/mnt/homes/x/y'])).toThrow(/mounted inside/)
})
