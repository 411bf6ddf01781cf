import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import type { Environment } from '@/protocol/names'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createInstance, createUser, createWorker } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { requestRestore } from './request-restore'

/** Promise: who may restore, and where to; each refusal leaves no row, no audit event and no job behind. */
let db: Db
let close: () => Promise<void>
let backupId: string
let homeWorkerId: string
const queue = openTestQueue()

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())

async function backupOf(environment: Environment): Promise<void> {
  const { instance, plan, worker, remote } = await createScene(db)
  await db.instance.update({ where: { id: instance.id }, data: { environment } })
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug }
  backupId = (await createGoodBackup(db, { ...facts, workerId: worker.id, remoteId: remote.id })).id
  homeWorkerId = worker.id
}

async function actorOf(role: 'viewer' | 'operator' | 'admin'): Promise<Actor> {
  const { id, name } = await createUser(db, { role })
  return { kind: 'user', id, name, role }
}

type Row = ['viewer' | 'operator' | 'admin', 'own' | 'other', Environment, string]
const environments = ['development', 'testing', 'production'] as const
const rows: Row[] = environments.flatMap((environment): Row[] => [
  ['viewer', 'own', environment, 'forbidden'],
  ['viewer', 'other', environment, 'forbidden'],
  ['operator', 'own', environment, 'allowed'],
  ['operator', 'other', environment, environment === 'production' ? 'forbidden' : 'allowed'],
  ['admin', 'own', environment, 'allowed'],
  ['admin', 'other', environment, environment === 'production' ? 'slug-not-typed' : 'allowed'],
])

test.each(rows)('%s, beside in %s instance, %s: %s', async (role, whose, environment, expected) => {
  const isOther = whose === 'other'
  await backupOf(isOther ? 'production' : environment)
  const other = await createInstance(db, { environment })
  const workerId = isOther ? (await createWorker(db, other.id)).id : homeWorkerId
  const before = [await db.restore.count(), await db.auditEvent.count(), queue.jobs.size]
  const asking = requestRestore(await actorOf(role), { backupId, workerId, reason: 'a test' })
  if (expected === 'allowed') {
    const { restoreId } = await asking
    const restore = await db.restore.findUniqueOrThrow({ where: { id: restoreId } })
    if (isOther) expect(restore.instanceId).toBe(other.id)
    const event = await db.auditEvent.findFirstOrThrow({ where: { subjectId: restoreId } })
    expect(event).toMatchObject({ action: 'restore.request', instanceId: restore.instanceId })
    expect(event.detail).toMatchObject({ backupId, what: ['everything'], reason: 'a test' })
  } else {
    await expect(asking).rejects.toMatchObject({ code: expected })
    expect([await db.restore.count(), await db.auditEvent.count(), queue.jobs.size]).toEqual(before)
  }
})

const inPlaceRows: Row[] = environments.flatMap((environment): Row[] => [
  ['viewer', 'other', environment, 'forbidden'],
  ['operator', 'other', environment, environment === 'production' ? 'forbidden' : 'allowed'],
  ['admin', 'other', environment, environment === 'production' ? 'slug-not-typed' : 'allowed'],
])

test.each(inPlaceRows)('%s, in place in %s instance, %s: %s', async (role, _, environment, expected) => {
  await backupOf('production')
  const other = await createInstance(db, { environment })
  const workerId = (await createWorker(db, other.id)).id
  const before = [await db.restore.count(), await db.auditEvent.count(), queue.jobs.size]
  const inPlace = { writers: 'stopped' as const, safety: false }
  const asking = requestRestore(await actorOf(role), { backupId, workerId, inPlace, reason: 'a test' })
  if (expected === 'allowed') {
    const { restoreId } = await asking
    const event = await db.auditEvent.findFirstOrThrow({ where: { subjectId: restoreId } })
    expect(event).toMatchObject({ action: 'restore.request', instanceId: other.id, detail: { inPlace: true } })
    return
  }
  await expect(asking).rejects.toMatchObject({ code: expected })
  expect([await db.restore.count(), await db.auditEvent.count(), queue.jobs.size]).toEqual(before)
})

test('the data of another instance goes into production by an administrator who types its slug', async () => {
  await backupOf('testing')
  const other = await createInstance(db, { environment: 'production' })
  const worker = await createWorker(db, other.id)
  const admin = await actorOf('admin')
  const request = { backupId, workerId: worker.id }
  await expect(requestRestore(admin, { ...request, typedSlug: `${other.slug}x` })).rejects.toMatchObject({
    code: 'slug-not-typed',
  })
  expect((await requestRestore(admin, { ...request, typedSlug: other.slug })).restoreId).toBeTruthy()
})

test('any copy that is present can be read, and none else', async () => {
  await backupOf('testing')
  const [first, second, third] = [await createScene(db), await createScene(db), await createScene(db)]
  await db.copy.createMany({
    data: [
      { backupId, remoteId: first.remote.id, presence: 'present' },
      { backupId, remoteId: second.remote.id, presence: 'missing' },
    ],
  })
  const operator = await actorOf('operator')
  const { restoreId } = await requestRestore(operator, { backupId, remoteId: first.remote.id })
  expect(await db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ remoteId: first.remote.id })
  for (const { remote } of [second, third])
    await expect(requestRestore(operator, { backupId, remoteId: remote.id })).rejects.toMatchObject({
      code: 'not-restorable',
    })
})

test('a selection goes only to a worker that knows what that is', async () => {
  await backupOf('testing')
  const operator = await actorOf('operator')
  const paths = [Buffer.from('mnt/homes/ada').toString('base64')]
  const selection = { paths: [{ artifact: 'files.tar.zst', paths }], namespaces: null }
  const request = { backupId, artifacts: ['files.tar.zst'], selection }
  await db.worker.update({ where: { id: homeWorkerId }, data: { protocol: '1.0' } })
  await expect(requestRestore(operator, request)).rejects.toMatchObject({ code: 'worker-too-old' })
  await db.worker.update({ where: { id: homeWorkerId }, data: { protocol: '1.1' } })
  const { restoreId } = await requestRestore(operator, request)
  expect(await db.restore.findUniqueOrThrow({ where: { id: restoreId } })).toMatchObject({ selection })
  const event = await db.auditEvent.findFirstOrThrow({ where: { subjectId: restoreId } })
  expect(event.detail).toMatchObject({ what: ['/mnt/homes/ada'] })
})
