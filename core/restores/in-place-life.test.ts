import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Actor, control } from '@/core/audit/actor'
import { claimBackup } from '@/core/backups/claim-backup'
import { requestBackup } from '@/core/backups/request-backup'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { recordRunEvents } from '@/core/workers/record-run-events'
import type { Db, Role } from '@/lib/db'
import type { EventBody, Exchange } from '@/protocol/events'
import type { Environment } from '@/protocol/names'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue, type TestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createPlan, createSource, createUser } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { cancelRestore } from './cancel-restore'
import { claimDiscard } from './claim-discard'
import { claimRestore } from './claim-restore'
import { dropDue } from './drop-due'
import { getRestore } from './get-restore'
import { giveSwapGo } from './give-swap-go'
import { letGo } from './let-go'
import { markLostRestores } from './mark-lost-restores'
import { recordDiscardEvents } from './record-discard-events'
import { recordRestoreEvents } from './record-restore-events'
import { requestDiscard } from './request-discard'
import { requestEnd } from './request-end'
import { type RequestRestoreInput, requestRestore } from './request-restore'
import { scheduleDrop } from './schedule-drop'

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
let backupId: string
let queue: TestQueue

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  queue = openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
  await ensureSigningKey()
  const { instance, plan, worker, remote } = scene
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  backupId = (await createGoodBackup(db, { ...facts, remoteId: remote.id })).id
})

const inPlace = { writers: 'stopped' as const, safety: false }
const exchange = (state: Exchange['state']): EventBody => ({
  type: 'exchange',
  exchange: { state, paths: 2, collections: 3, besideBytes: 1000, at: '2027-01-01T00:00:00.000Z' },
})
const finished = (state: 'succeeded' | 'failed'): EventBody => ({ type: 'finished', state, problem: null })
const request = (changes: Partial<RequestRestoreInput> = {}, actor: Actor = control) =>
  requestRestore(actor, { backupId, inPlace, ...changes })
const claim = (id: string) => claimRestore(scene.worker, { id, attempt: 1 })
const send = (id: string, bodies: EventBody[], first = 1) =>
  recordRestoreEvents(scene.worker, { run: runOf('restore', id), events: numbered(bodies, first), progress: null })
const sendEnd = (id: string, attempt: number, bodies: EventBody[]) =>
  recordDiscardEvents(scene.worker, { run: runOf('discard', id, attempt), events: numbered(bodies), progress: null })
const stateOf = async (id: string) => (await getRestore(id)).tasks[0]?.inPlace?.exchange?.state
const end = (id: string, what: 'undo' | 'drop', typedSlug: string | null = null, actor: Actor = control) =>
  requestEnd(actor, id, { end: what, typedSlug })

async function swapped(): Promise<string> {
  const { restoreId } = await request()
  await claim(restoreId)
  await send(restoreId, [exchange('staging'), exchange('committed'), exchange('swapped'), finished('succeeded')])
  return restoreId
}

test('a restore in place holds the instance until it ended; a backup of it waits meanwhile and then goes on', async () => {
  const { restoreId } = await request()
  const target = { kind: 'inPlace', writers: 'stopped', safety: null, trees: [] }
  expect(await claim(restoreId)).toMatchObject({ target })
  const { backupId: nightly } = await requestBackup(control, scene.plan.id)
  await expect(claimBackup(scene.worker, { id: nightly, attempt: 1 })).rejects.toMatchObject({ code: 'locked' })
  await giveSwapGo(scene.worker, { run: runOf('restore', restoreId) })
  await send(restoreId, [exchange('swapped'), finished('succeeded')])
  expect(await claimBackup(scene.worker, { id: nightly, attempt: 1 })).toMatchObject({ backupId: nightly })
})

test('it waits for a running backup, and for its own safety backup, which is pinned; one that failed ends it', async () => {
  const { restoreId } = await request({ inPlace: { ...inPlace, safety: true } })
  const safety = await db.backup.findFirstOrThrow({ where: { kind: 'safety', instanceId: scene.instance.id } })
  expect(safety).toMatchObject({ state: 'queued', pinReason: expect.any(String), pinnedUntil: expect.any(Date) })
  await expect(claim(restoreId)).rejects.toMatchObject({ code: 'locked' })
  await db.backup.update({ where: { id: safety.id }, data: { state: 'failed' } })
  await expect(claim(restoreId)).rejects.toMatchObject({ code: 'not-claimable' })
  expect(await getRestore(restoreId)).toMatchObject({ state: 'failed', problem: { code: 'safety-failed' } })
  expect(await db.lock.count({ where: { instanceId: scene.instance.id } })).toBe(0)
})

const report = (name: 'backup' | 'restore', id: string, bodies: EventBody[]) =>
  recordRunEvents(scene.worker, { run: runOf(name, id), events: numbered(bodies), progress: null })

test('it goes on as soon as its safety backup ended', async () => {
  const { restoreId } = await request({ inPlace: { ...inPlace, safety: true } })
  const safety = await db.backup.findFirstOrThrow({ where: { kind: 'safety', instanceId: scene.instance.id } })
  await claimBackup(scene.worker, { id: safety.id, attempt: 1 })
  await expect(claim(restoreId)).rejects.toMatchObject({ code: 'locked' })
  queue.jobs.clear()
  await report('backup', safety.id, [finished('failed')])
  expect([...queue.jobs].join()).toContain(`restore-${restoreId}-1`)
})

test('a backup that waited goes on as soon as the restore ended; while Redis is away the end is taken all the same', async () => {
  const waitsFor = async () => {
    const { restoreId } = await request()
    await claim(restoreId)
    return restoreId
  }
  const first = await waitsFor()
  const { backupId: nightly } = await requestBackup(control, scene.plan.id)
  await expect(claimBackup(scene.worker, { id: nightly, attempt: 1 })).rejects.toMatchObject({ code: 'locked' })
  queue.jobs.clear()
  queue.isAway = true
  await report('restore', first, [exchange('swapped'), finished('succeeded')])
  queue.isAway = false
  expect((await getRestore(first)).state).toBe('succeeded')
  expect(queue.jobs.size).toBe(0)
  const second = await waitsFor()
  queue.jobs.clear()
  await report('restore', second, [exchange('swapped'), finished('succeeded')])
  expect([...queue.jobs].join()).toContain(`backup-${nightly}-1`)
})

test('the safety backup holds the sources that the restore replaces, and is not compared with whole ones', async () => {
  const { instance, worker, plan } = scene
  const other = await createSource(db, instance.id, worker.id)
  await db.source.update({ where: { id: other.id }, data: { settings: { path: '/srv/other' } } })
  await db.planSource.create({ data: { planId: plan.id, sourceId: other.id } })
  await db.source.update({ where: { id: other.id }, data: { kind: 'config' } })
  await request({ inPlace: { ...inPlace, safety: true } })
  const safety = await db.backup.findFirstOrThrow({ where: { kind: 'safety', instanceId: instance.id } })
  expect(safety.sourceIds).toEqual([scene.source.id])
  const spec = await claimBackup(worker, { id: safety.id, attempt: 1 })
  expect(spec).toMatchObject({ sources: [{ id: scene.source.id }], baseline: null })
})

test('with a good safety backup the worker is told which one counts', async () => {
  const { restoreId } = await request({ inPlace: { ...inPlace, safety: true } })
  const safety = await db.backup.findFirstOrThrow({ where: { kind: 'safety', instanceId: scene.instance.id } })
  const data = { state: 'succeeded' as const, folder: '20270101/000000Z-nightly', manifestSha256: 'a'.repeat(64) }
  await db.backup.update({ where: { id: safety.id }, data })
  expect(await claim(restoreId)).toMatchObject({ target: { safety: { id: safety.id, folder: data.folder } } })
})

test('no go for a restore that is cancelled, lost or not in hand; none is cancelled in the middle of its exchange', async () => {
  const { restoreId } = await request()
  const run = runOf('restore', restoreId)
  await expect(giveSwapGo(scene.worker, { run })).rejects.toMatchObject({ code: 'stale-attempt' })
  await claim(restoreId)
  await db.restoreTask.updateMany({ where: { restoreId }, data: { state: 'lost' } })
  await expect(giveSwapGo(scene.worker, { run })).rejects.toMatchObject({ code: 'believed-lost' })
  await markLostRestores()
  expect(await db.lock.count({ where: { ownerId: restoreId } })).toBe(1)
  await send(restoreId, [exchange('staging')])
  await cancelRestore(control, restoreId)
  await expect(giveSwapGo(scene.worker, { run })).rejects.toMatchObject({ code: 'cancelled' })
  const other = await request()
  await send(restoreId, [finished('failed')], 2)
  await claim(other.restoreId)
  await send(other.restoreId, [exchange('committed')])
  await expect(cancelRestore(control, other.restoreId)).rejects.toMatchObject({ code: 'too-late' })
})

test('it is undone, and what is beside is dropped when the slug was typed; each holds the instance meanwhile', async () => {
  const id = await swapped()
  await expect(requestDiscard(control, id)).rejects.toMatchObject({ code: 'unknown-restore' })
  await end(id, 'undo')
  await expect(end(id, 'undo')).rejects.toMatchObject({ code: 'nothing-to-end' })
  expect(await claimDiscard(scene.worker, { id, attempt: 1 })).toMatchObject({
    end: 'undo',
    target: { kind: 'inPlace' },
  })
  expect(await db.lock.count({ where: { ownerId: id } })).toBe(1)
  await sendEnd(id, 1, [exchange('undone'), finished('succeeded')])
  expect(await stateOf(id)).toBe('undone')
  expect(await db.lock.count({ where: { ownerId: id } })).toBe(0)
  await expect(end(id, 'undo')).rejects.toMatchObject({ code: 'nothing-to-end' })
  await expect(end(id, 'drop', 'other')).rejects.toMatchObject({ code: 'slug-not-typed' })
  await end(id, 'drop', scene.instance.slug)
  expect(await claimDiscard(scene.worker, { id, attempt: 2 })).toMatchObject({ end: 'drop' })
  await sendEnd(id, 2, [exchange('dropped'), finished('succeeded')])
  expect(await stateOf(id)).toBe('dropped')
  await expect(end(id, 'drop', scene.instance.slug)).rejects.toMatchObject({ code: 'nothing-to-end' })
})

test('what is beside is dropped by itself when its day is over, unless it was undone or the day was taken back', async () => {
  const id = await swapped()
  const typedSlug = scene.instance.slug
  const now = new Date('2027-01-02T00:00:00Z')
  const dropAt = new Date('2027-01-10T00:00:00Z')
  const setDay = (day: Date | null, slug: string | null = typedSlug) =>
    scheduleDrop(control, id, { dropAt: day, typedSlug: slug }, now)
  const attempts = async () => (await db.restoreTask.findFirstOrThrow({ where: { restoreId: id } })).discardAttempt
  await expect(setDay(dropAt, 'other')).rejects.toMatchObject({ code: 'slug-not-typed' })
  await expect(setDay(now)).rejects.toMatchObject({ code: 'day-in-the-past' })
  await setDay(dropAt)
  await dropDue(new Date(dropAt.getTime() - 1))
  expect(await attempts()).toBe(0)
  await setDay(null, null)
  await dropDue(dropAt)
  expect(await attempts()).toBe(0)
  await setDay(dropAt)
  await end(id, 'undo')
  await claimDiscard(scene.worker, { id, attempt: 1 })
  await sendEnd(id, 1, [exchange('undone'), finished('succeeded')])
  await dropDue(dropAt)
  expect(await attempts()).toBe(1)
  await setDay(dropAt)
  await db.worker.update({ where: { id: scene.worker.id }, data: { state: 'revoked' } })
  await dropDue(dropAt)
  expect(await attempts()).toBe(1)
  await db.worker.update({ where: { id: scene.worker.id }, data: { state: 'active' } })
  await dropDue(dropAt)
  await dropDue(dropAt)
  expect(await attempts()).toBe(2)
  expect(await claimDiscard(scene.worker, { id, attempt: 2 })).toMatchObject({ end: 'drop' })
  expect(
    await db.auditEvent.findFirst({ where: { action: 'restore.drop', instanceId: scene.instance.id } }),
  ).toMatchObject({
    actorKind: 'control',
  })
})

test('its worker is revoked while it waits for its safety backup: it is cancelled, nobody gets it, and it holds nothing', async () => {
  const { restoreId } = await request({ inPlace: { ...inPlace, safety: true } })
  const safety = await db.backup.findFirstOrThrow({ where: { kind: 'safety', instanceId: scene.instance.id } })
  await claimBackup(scene.worker, { id: safety.id, attempt: 1 })
  await revokeWorker(control, scene.worker.id)
  expect(await getRestore(restoreId)).toMatchObject({ state: 'cancelled', problem: { code: 'worker-revoked' } })
  expect(await db.backup.findUniqueOrThrow({ where: { id: safety.id } })).toMatchObject({ state: 'lost' })
  await expect(claim(restoreId)).rejects.toMatchObject({ code: 'not-claimable' })
  expect(await db.lock.count({ where: { instanceId: scene.instance.id } })).toBe(0)
})

test('a lost one holds the instance until its worker says how it ended, or a person with the slug lets go', async () => {
  const { restoreId } = await request()
  await claim(restoreId)
  await expect(letGo(control, restoreId, scene.instance.slug)).rejects.toMatchObject({ code: 'nothing-held' })
  await revokeWorker(control, scene.worker.id)
  const isHeld = () => db.lock.count({ where: { instanceId: scene.instance.id } })
  expect([await isHeld(), (await getRestore(restoreId)).holdsInstance]).toEqual([1, true])
  await expect(letGo(control, restoreId, 'another')).rejects.toMatchObject({ code: 'slug-not-typed' })
  const { id, name } = await createUser(db, { role: 'viewer' })
  const viewer: Actor = { kind: 'user', id, name, role: 'viewer' }
  await expect(letGo(viewer, restoreId, scene.instance.slug)).rejects.toMatchObject({ code: 'forbidden' })
  await letGo(control, restoreId, scene.instance.slug)
  expect([await isHeld(), (await getRestore(restoreId)).holdsInstance]).toEqual([0, false])
  expect(await db.auditEvent.count({ where: { subjectId: restoreId, action: 'restore.let-go' } })).toBe(1)
  await expect(giveSwapGo(scene.worker, { run: runOf('restore', restoreId) })).rejects.toMatchObject({
    code: 'believed-lost',
  })
  await expect(letGo(control, restoreId, scene.instance.slug)).rejects.toMatchObject({ code: 'nothing-held' })
})

test('its worker is revoked in the middle of it: it gets no go and is lost, and what the worker says once it is back counts', async () => {
  const { restoreId } = await request()
  await claim(restoreId)
  await send(restoreId, [exchange('staging')])
  await revokeWorker(control, scene.worker.id)
  expect((await getRestore(restoreId)).state).toBe('lost')
  await expect(giveSwapGo(scene.worker, { run: runOf('restore', restoreId) })).rejects.toMatchObject({
    code: 'believed-lost',
  })
  await send(restoreId, [exchange('rolled-back'), finished('failed')], 2)
  expect((await getRestore(restoreId)).state).toBe('failed')
  expect(await db.lock.count({ where: { instanceId: scene.instance.id } })).toBe(0)
})

test('its worker is revoked in the middle of its undo: what it says once it is back counts', async () => {
  const id = await swapped()
  await end(id, 'undo')
  await claimDiscard(scene.worker, { id, attempt: 1 })
  await revokeWorker(control, scene.worker.id)
  expect(await stateOf(id)).toBe('swapped')
  await sendEnd(id, 1, [exchange('undone'), finished('succeeded')])
  expect(await stateOf(id)).toBe('undone')
  expect(await db.lock.count({ where: { instanceId: scene.instance.id } })).toBe(0)
})

test('a worker that was killed says which way it went, and the page can tell', async () => {
  const { restoreId } = await request()
  await claim(restoreId)
  const problem = { code: 'rolled-back', text: 'Everything is as it was.' }
  await send(restoreId, [exchange('staging'), exchange('rolled-back'), { type: 'finished', state: 'failed', problem }])
  expect(await getRestore(restoreId)).toMatchObject({ state: 'failed', problem: { code: 'rolled-back' } })
  await expect(end(restoreId, 'undo')).rejects.toMatchObject({ code: 'nothing-to-end' })
})

describe('into another instance', () => {
  let other: Awaited<ReturnType<typeof createScene>>
  beforeEach(async () => {
    other = await createScene(db)
  })
  const into = (changes: Partial<RequestRestoreInput> = {}) => request({ workerId: other.worker.id, ...changes })
  const withSafety = { inPlace: { ...inPlace, safety: true } }

  test('it holds that one and not the one that was backed up, and its worker is told whose backup it reads and where its trees belong', async () => {
    await db.source.update({ where: { id: other.source.id }, data: { settings: { path: '/srv/of-the-other' } } })
    const { restoreId } = await into()
    expect(await claimRestore(other.worker, { id: restoreId, attempt: 1 })).toMatchObject({
      instance: { id: other.instance.id },
      backup: { instance: { id: scene.instance.id } },
      target: { kind: 'inPlace', trees: [{ source: other.source.slug, path: '/srv/of-the-other' }] },
    })
    const holds = (instanceId: string) => db.lock.count({ where: { instanceId } })
    expect([await holds(other.instance.id), await holds(scene.instance.id)]).toEqual([1, 0])
  })

  test('the safety backup is of what that one has there, by a plan of its own that holds all of it', async () => {
    const { restoreId } = await into(withSafety)
    const safety = await db.backup.findFirstOrThrow({ where: { kind: 'safety', note: { contains: restoreId } } })
    expect(safety).toMatchObject({ instanceId: other.instance.id, planId: other.plan.id, workerId: other.worker.id })
    expect(await db.copy.findMany({ where: { backupId: safety.id } })).toMatchObject([{ remoteId: scene.remote.id }])
  })

  test('a plan that uses the remote is taken first; without one that holds it all it is refused, and nothing is left', async () => {
    const { instance, source } = other
    const facts = { instanceId: instance.id, sourceIds: [source.id], remoteId: scene.remote.id }
    const fitting = await createPlan(db, facts)
    await into(withSafety)
    expect(await db.backup.findFirst({ where: { kind: 'safety', instanceId: instance.id } })).toMatchObject({
      planId: fitting.id,
    })
    await db.planSource.deleteMany({ where: { sourceId: source.id } })
    const before = await db.restore.count()
    await expect(into(withSafety)).rejects.toMatchObject({ code: 'no-plan-for-safety' })
    expect(await db.restore.count()).toBe(before)
    expect((await into()).restoreId).toEqual(expect.any(String))
  })
})

const rights: [Role, Environment, boolean][] = [
  ['viewer', 'development', false],
  ['viewer', 'production', false],
  ['operator', 'development', true],
  ['operator', 'testing', true],
  ['operator', 'production', false],
  ['admin', 'production', true],
]
test.each(rights)(
  'a %s restores %s in place: %s, and undoes and drops likewise',
  async (role, environment, isAllowed) => {
    await db.instance.update({ where: { id: scene.instance.id }, data: { environment } })
    const { id, name } = await createUser(db, { role })
    const actor: Actor = { kind: 'user', id, name, role }
    const typedSlug = scene.instance.slug
    const restoring = request({ typedSlug }, actor)
    if (isAllowed) expect((await restoring).restoreId).toEqual(expect.any(String))
    else await expect(restoring).rejects.toMatchObject({ code: 'forbidden' })
    if (isAllowed && environment === 'production')
      await expect(request({}, actor)).rejects.toMatchObject({ code: 'slug-not-typed' })
    await db.restore.deleteMany({ where: { instanceId: scene.instance.id } })
    await db.instance.update({ where: { id: scene.instance.id }, data: { environment: 'testing' } })
    const made = await swapped()
    await db.instance.update({ where: { id: scene.instance.id }, data: { environment } })
    const undoing = end(made, 'undo', null, actor)
    if (isAllowed) await undoing
    else await expect(undoing).rejects.toMatchObject({ code: 'forbidden' })
  },
)
