import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createSource, createUser } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { applyCoverageFix } from './apply-coverage-fix'
import type { CoverageFix } from './coverage-rules'

/** Promise: one click does just what it says, once, and leaves an audit event. */

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
let apply: (fix: CoverageFix) => Promise<string>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  scene = await createScene(db)
  const { id, name } = await createUser(db)
  apply = (fix) => applyCoverageFix({ kind: 'user', id, name, role: 'admin' }, scene.instance.slug, fix)
})
afterAll(() => close())

const settingsOf = async (slug: string) => (await db.source.findFirstOrThrow({ where: { slug } })).settings

async function mongodbSource(slug: string, reach: unknown) {
  const settings = { reach, databases: ['girder'], consistency: 'best', tools: 'auto' } as object
  await createSource(db, scene.instance.id, scene.worker.id, { slug, kind: 'mongodb', settings })
}

test('a database is added to those of its source; in a container, where mongodump takes one or all, it becomes all', async () => {
  await mongodbSource('direct', 'direct')
  await mongodbSource('contained', { network: 'wt_mongo', image: 'mongo:3.2' })
  for (const source of ['direct', 'contained']) await apply({ kind: 'add-database', source, database: 'assets' })
  expect(await settingsOf('direct')).toMatchObject({ databases: ['girder', 'assets'] })
  expect(await settingsOf('contained')).toMatchObject({ databases: null, reach: { image: 'mongo:3.2' } })
  await expect(apply({ kind: 'add-database', source: 'direct', database: 'assets' })).rejects.toMatchObject({
    code: 'fix-outdated',
  })
  expect(await db.auditEvent.count({ where: { action: 'source.edit' } })).toBe(2)
})

test('a folder becomes a tree of the same worker, under a slug of its own', async () => {
  for (const path of ['/mnt/Données', '/srv/Données', '/srv/数据'])
    await apply({ kind: 'add-tree', source: scene.source.slug, path })
  expect(await settingsOf('donn-es')).toMatchObject({ path: '/mnt/Données', exclude: [] })
  expect(await settingsOf('donn-es-2')).toMatchObject({ path: '/srv/Données' })
  expect(await settingsOf('tree')).toMatchObject({ path: '/srv/数据' })
})

test('a tree learns what Girder calls it, once', async () => {
  const fix = { kind: 'name-girder-path', source: scene.source.slug, path: '/tmp/data' } as const
  await apply(fix)
  expect(await settingsOf(scene.source.slug)).toMatchObject({ girderPath: '/tmp/data' })
  await expect(apply(fix)).rejects.toMatchObject({ code: 'fix-outdated' })
})
