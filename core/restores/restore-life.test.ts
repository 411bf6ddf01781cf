import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { sealConnection } from '@/core/sources/source-spec'
import { isSignedBy } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { canonicalJson } from '@/protocol/canonical-json'
import type { EventBody } from '@/protocol/events'
import { scratchDatabasePattern } from '@/protocol/names'
import { restoreOrderSchema } from '@/protocol/specs'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue, type TestQueue } from '@/scripts/test-queue'
import { createBackup, createGoodBackup, createRemote, createSource, createWorker } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { cancelRestore } from './cancel-restore'
import { claimDiscard } from './claim-discard'
import { claimRestore } from './claim-restore'
import { getReceipt } from './get-receipt'
import { markLostRestores } from './mark-lost-restores'
import { recordDiscardEvents } from './record-discard-events'
import { recordRestoreEvents } from './record-restore-events'
import { requestDiscard } from './request-discard'
import { requestRestore } from './request-restore'

let db: Db
let close: () => Promise<void>
let queue: TestQueue
let scene: Awaited<ReturnType<typeof createScene>>
let backupId: string

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  queue = openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
  const { instance, plan, worker, remote } = scene
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  backupId = (await createGoodBackup(db, { ...facts, remoteId: remote.id })).id
})

const finished = (state: 'succeeded' | 'failed' | 'cancelled'): EventBody => ({
  type: 'finished',
  state,
  problem: null,
})
const comparison = {
  ...{ entriesExpected: 1, entriesIdentical: 1, bytesCompared: 1, namespacesExpected: 0, namespacesIdentical: 0 },
  ...{ documentsCompared: 0, refused: [], refusedCount: 0, differences: [], differenceCount: 0 },
}

async function claimed() {
  const { restoreId } = await requestRestore(control, { backupId })
  return {
    restoreId,
    run: runOf('restore', restoreId),
    spec: await claimRestore(scene.worker, { id: restoreId, attempt: 1 }),
  }
}

function send(run: ReturnType<typeof runOf>, bodies: EventBody[], first = 1) {
  return recordRestoreEvents(scene.worker, { run, events: numbered(bodies, first), progress: null })
}

const rowOf = (id: string) => db.restore.findUniqueOrThrow({ where: { id }, include: { tasks: true } })

test('a restore goes into a scratch place of its own, takes no lock, and keeps the figures of its comparison', async () => {
  const { restoreId, run, spec } = await claimed()
  expect(spec.target).toEqual({
    kind: 'scratch',
    folder: null,
    mongodb: null,
  })
  expect(spec).toMatchObject({ backup: { id: backupId, instance: { slug: scene.instance.slug } } })
  expect(await db.lock.count()).toBe(0)
  const folder = `/srv/worker/scratch/${restoreId}`
  await send(run, [{ type: 'scratch', folder }, { type: 'comparison', comparison }, finished('succeeded')])
  const row = await rowOf(restoreId)
  expect(row).toMatchObject({ state: 'succeeded', tasks: [{ state: 'succeeded', comparison, target: { folder } }] })
})

test('databases go beside those of a source, by a connection that is not stored with the restore', async () => {
  const mongodb = await createSource(db, scene.instance.id, scene.worker.id, {
    kind: 'mongodb',
    settings: { reach: 'direct', databases: null, consistency: 'best', tools: 'auto' },
  })
  const connection = 'mongodb://user:marker-secret@localhost/'
  await db.source.update({ where: { id: mongodb.id }, data: { secrets: sealConnection(mongodb.id, connection) } })
  const { restoreId } = await requestRestore(control, { backupId, mongodbSourceId: mongodb.id, folder: '/srv/x' })
  const spec = await claimRestore(scene.worker, { id: restoreId, attempt: 1 })
  expect(spec.target).toMatchObject({ folder: '/srv/x', mongodb: { connection, tools: 'auto' } })
  expect(restoreOrderSchema.parse(spec).target.mongodb?.databasePrefix).toMatch(scratchDatabasePattern)
  expect(JSON.stringify(await rowOf(restoreId))).not.toContain('marker-secret')
})

test('only what is complete and there can be restored, by an active worker', async () => {
  const { instance, plan } = scene
  const half = await createBackup(
    db,
    { instanceId: instance.id, planId: plan.id, planSlug: plan.slug },
    { state: 'failed' },
  )
  await expect(requestRestore(control, { backupId: half.id })).rejects.toMatchObject({ code: 'not-restorable' })
  await db.copy.updateMany({ where: { backupId }, data: { presence: 'pruned' } })
  await expect(requestRestore(control, { backupId })).rejects.toMatchObject({ code: 'not-restorable' })
  await db.copy.updateMany({ where: { backupId }, data: { presence: 'present' } })
  const revoked = await createWorker(db, scene.instance.id, { state: 'revoked' })
  await expect(requestRestore(control, { backupId, workerId: revoked.id })).rejects.toMatchObject({
    code: 'worker-not-active',
  })
})

test('it is read from the first remote of the plan that holds it whole, or from the one that is wanted', async () => {
  const second = await createRemote(db)
  await db.planTarget.create({ data: { planId: scene.plan.id, remoteId: second.id, position: 1 } })
  await db.copy.create({ data: { backupId, remoteId: second.id, presence: 'present' } })
  const remoteOf = async (remoteId?: string) => {
    const { restoreId } = await requestRestore(control, { backupId, ...(remoteId ? { remoteId } : {}) })
    return (await claimRestore(scene.worker, { id: restoreId, attempt: 1 })).remote.id
  }
  expect(await remoteOf()).toBe(scene.remote.id)
  expect(await remoteOf(second.id)).toBe(second.id)
  await db.planTarget.updateMany({ where: { remoteId: scene.remote.id }, data: { position: 2 } })
  expect(await remoteOf()).toBe(second.id)
  await db.copy.updateMany({ where: { backupId, remoteId: second.id }, data: { presence: 'missing' } })
  expect(await remoteOf()).toBe(scene.remote.id)
  await expect(remoteOf(second.id)).rejects.toMatchObject({ code: 'not-restorable' })
})

test('a restore is handed out once, to its worker; a stranger can neither claim nor report', async () => {
  const { restoreId, run } = await claimed()
  await expect(claimRestore(scene.worker, { id: restoreId, attempt: 1 })).rejects.toMatchObject({
    code: 'not-claimable',
  })
  const stranger = await createWorker(db, scene.instance.id)
  await expect(claimRestore(stranger, { id: restoreId, attempt: 1 })).rejects.toMatchObject({ code: 'not-claimable' })
  const forged = { run, events: numbered([finished('succeeded')]), progress: null }
  await expect(recordRestoreEvents(stranger, forged)).rejects.toMatchObject({ code: 'stale-attempt' })
})

test('cancel ends a queued restore at once, and is told to the worker of a running one', async () => {
  const { restoreId } = await requestRestore(control, { backupId })
  await cancelRestore(control, restoreId)
  expect(await rowOf(restoreId)).toMatchObject({ state: 'cancelled', tasks: [{ state: 'cancelled' }] })
  expect([...queue.jobs].join()).not.toContain(restoreId)
  const { run, restoreId: running } = await claimed()
  await cancelRestore(control, running)
  expect(await send(run, [])).toEqual({ lastSequence: 0, cancel: true })
  await send(run, [finished('cancelled')])
  expect((await rowOf(running)).state).toBe('cancelled')
})

test('a silent restore is lost, and goes on when it is heard again', async () => {
  const { restoreId, run } = await claimed()
  const now = new Date(Date.now() + 3_600_000)
  for (const name of ['web', 'control'])
    await db.processLife.create({ data: { name, upSince: new Date(0), lastSeenAt: now } })
  await markLostRestores(now)
  expect((await rowOf(restoreId)).state).toBe('lost')
  await send(run, [{ type: 'log', level: 'info', text: 'back' }])
  expect(await rowOf(restoreId)).toMatchObject({ state: 'running', problem: null })
})

test('a scratch place is removed once its restore ended, and again where that failed', async () => {
  const { restoreId, run } = await claimed()
  await expect(requestDiscard(control, restoreId)).rejects.toMatchObject({ code: 'still-running' })
  await send(run, [finished('succeeded')])
  await requestDiscard(control, restoreId)
  await expect(requestDiscard(control, restoreId)).rejects.toMatchObject({ code: 'being-discarded' })
  for (const [attempt, state] of [
    [1, 'failed'],
    [2, 'succeeded'],
  ] as const) {
    if (attempt === 2) await requestDiscard(control, restoreId)
    const spec = await claimDiscard(scene.worker, { id: restoreId, attempt })
    expect(spec).toMatchObject({ restoreId, attempt, target: { kind: 'scratch' } })
    const events = numbered([finished(state)])
    await recordDiscardEvents(scene.worker, { run: runOf('discard', restoreId, attempt), events, progress: null })
    expect((await rowOf(restoreId)).tasks[0]?.discardState).toBe(state)
  }
  const stale = { run: runOf('discard', restoreId, 1), events: numbered([finished('failed')], 2), progress: null }
  await expect(recordDiscardEvents(scene.worker, stale)).rejects.toMatchObject({ code: 'stale-attempt' })
})

test('a finished restore has a receipt, which the signing key of the dashboard has signed', async () => {
  await ensureSigningKey()
  const { restoreId, run } = await claimed()
  await expect(getReceipt(restoreId)).rejects.toMatchObject({ code: 'receipt-not-found' })
  const fetched = { type: 'fetched' as const, files: 3, bytes: 1234 }
  await send(run, [{ type: 'comparison', comparison }, fetched, finished('succeeded')])
  const { receipt, signature } = await getReceipt(restoreId)
  expect(receipt).toMatchObject({
    ...{ restoreId, state: 'succeeded', what: ['everything'], backup: { id: backupId } },
    places: [{ fetched: { files: 3, bytes: 1234 }, comparison: { entriesExpected: 1, differenceCount: 0 } }],
  })
  const isGenuine = (of: object) => isSignedBy(Buffer.from(canonicalJson(of)), signature.value, signature.publicKey)
  expect(isGenuine(JSON.parse(JSON.stringify(receipt)))).toBe(true)
  expect(isGenuine({ ...receipt, reason: 'another' })).toBe(false)
})
