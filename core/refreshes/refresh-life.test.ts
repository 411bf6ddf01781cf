import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { readWatchFacts } from '@/core/incidents/read-watch-facts'
import { deriveConditions } from '@/core/incidents/derive-conditions'
import { claimDiscard } from '@/core/restores/claim-discard'
import { claimRestore } from '@/core/restores/claim-restore'
import { recordDiscardEvents } from '@/core/restores/record-discard-events'
import { recordRestoreEvents } from '@/core/restores/record-restore-events'
import { type RequestRestoreInput, requestRestore } from '@/core/restores/request-restore'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { type Db, Prisma } from '@/lib/db'
import type { EventBody, Exchange } from '@/protocol/events'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createInstance, createUser, createWorker } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { beginRefreshes } from './begin-refreshes'
import { deleteRefresh, editRefresh, pauseRefresh, resumeRefresh } from './change-refresh'
import { getRefresh, listRefreshes } from './get-refresh'
import { getRepeatable } from './get-repeatable'
import { makeRefresh } from './make-refresh'
import { wantRefresh } from './want-refresh'

/**
 * Promise: a refresh repeats what a person saw succeed, with the newest good backup and the rights of who made it; what the run before
 * keeps beside is dropped first; it never begins twice, late, or into production, and says so when it does not begin.
 */
let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
let testing: Awaited<ReturnType<typeof createInstance>>
let worker: Awaited<ReturnType<typeof createWorker>>
let admin: Actor & { id: string }
let backupId: string
/** A Sunday's refresh is due at 03:00 UTC; it is made on the Monday before. */
const made = new Date('2027-02-01T12:00:00Z')
const sunday = new Date('2027-02-07T03:00:00Z')
const after = (time: Date, minutes: number) => new Date(time.getTime() + minutes * 60_000)

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
})
afterAll(() => close())
beforeEach(async () => {
  await db.refresh.deleteMany()
  const { id, name, role } = await createUser(db, { role: 'admin' })
  admin = { kind: 'user', id, name, role }
  scene = await createScene(db)
  await db.instance.update({ where: { id: scene.instance.id }, data: { environment: 'production' } })
  testing = await createInstance(db, { environment: 'testing' })
  worker = await createWorker(db, testing.id)
  backupId = (await goodBackup()).id
})

const goodBackup = () => {
  const { instance, plan, worker: maker, remote } = scene
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: maker.id }
  return createGoodBackup(db, { ...facts, remoteId: remote.id })
}
const exchange = (state: Exchange['state']): EventBody => ({
  type: 'exchange',
  exchange: { state, paths: 2, collections: 0, besideBytes: 1000, at: made.toISOString() },
})
const finished = (state: 'succeeded' | 'failed'): EventBody => ({ type: 'finished', state, problem: null })

/** Its worker does it, and hands in what becomes of it. */
async function perform(restoreId: string, bodies = [exchange('swapped'), finished('succeeded')]): Promise<void> {
  await claimRestore(worker, { id: restoreId, attempt: 1 })
  await recordRestoreEvents(worker, { run: runOf('restore', restoreId), events: numbered(bodies), progress: null })
}
async function drop(restoreId: string, bodies = [exchange('dropped'), finished('succeeded')]): Promise<void> {
  const { discardAttempt: attempt } = await db.restoreTask.findFirstOrThrow({ where: { restoreId } })
  const run = runOf('discard', restoreId, attempt)
  await claimDiscard(worker, { id: restoreId, attempt })
  await recordDiscardEvents(worker, { run, events: numbered(bodies), progress: null })
}
async function restored(changes: Partial<RequestRestoreInput> = {}): Promise<string> {
  const inPlace = { writers: 'command' as const, safety: false }
  const { restoreId } = await requestRestore(admin, { backupId, workerId: worker.id, inPlace, ...changes })
  await perform(restoreId)
  return restoreId
}
const wanted = (restoreId: string) => ({ restoreId, cron: '0 3 * * 0', timeZone: 'UTC', typedSlug: testing.slug })
async function makeOne(): Promise<{ id: string; first: string }> {
  const first = await restored()
  return { id: (await makeRefresh(admin, wanted(first), made)).id, first }
}
const runsOf = (refreshId: string) =>
  db.restore.findMany({ where: { refreshId, plannedAt: { not: null } }, orderBy: { plannedAt: 'asc' } })
async function incidents(now: Date): Promise<string[]> {
  const found = deriveConditions(await readWatchFacts(made, now), now)
  return found.flatMap(({ kind, text }) => (kind === 'refresh-late' ? [text] : []))
}

describe('a refresh', () => {
  test('drops what the last run keeps beside, then restores the newest backup, once, whoever looks', async () => {
    const { id, first } = await makeOne()
    const newest = await goodBackup()
    await beginRefreshes(after(sunday, -1))
    expect(await runsOf(id)).toEqual([])
    await Promise.all([beginRefreshes(sunday), beginRefreshes(sunday)])
    await beginRefreshes(after(sunday, 1))
    expect(await runsOf(id)).toEqual([])
    expect(await db.auditEvent.count({ where: { subjectId: first, action: 'restore.drop' } })).toBe(1)
    expect((await getRefresh(id, after(sunday, 1))).standing).toBe('beginning')
    await drop(first)
    await Promise.all([beginRefreshes(after(sunday, 2)), beginRefreshes(after(sunday, 2))])
    await beginRefreshes(after(sunday, 3))
    const [run, ...others] = await runsOf(id)
    expect(others).toEqual([])
    expect(run).toMatchObject({ backupId: newest.id, plannedAt: sunday, requestedById: admin.id, state: 'queued' })
    expect(await getRefresh(id, after(sunday, 3))).toMatchObject({ standing: 'at-work', problem: null })
    await perform(run?.id ?? '')
    expect(await getRefresh(id, after(sunday, 60))).toMatchObject({
      ...{ standing: 'waiting', nextAt: after(sunday, 7 * 24 * 60), plan: { id: scene.plan.id } },
      runs: [{ restoreId: run?.id }, { restoreId: first }],
    })
    expect(await incidents(after(sunday, 60))).toEqual([])
  })

  test('goes as the restore did that it repeats: what, where, safety, and what was ticked', async () => {
    const selection = { paths: [], namespaces: [{ database: 'girder', collection: null }] }
    const restoreId = await restored({ artifacts: ['mongo.archive.zst'], selection })
    const accepted = ['foreign-folders']
    const check = { madeAt: made.toISOString(), lines: [], accepted, preview: null }
    await db.restore.update({ where: { id: restoreId }, data: { check } })
    const { id } = await makeRefresh(admin, wanted(restoreId), made)
    await db.restoreTask.updateMany({ where: { restoreId }, data: { exchange: Prisma.DbNull } })
    await beginRefreshes(sunday)
    const [run] = await runsOf(id)
    expect(run).toMatchObject({ artifacts: ['mongo.archive.zst'], selection, remoteId: scene.remote.id })
    const task = await db.restoreTask.findFirstOrThrow({ where: { restoreId: run?.id ?? '' } })
    expect(task).toMatchObject({ workerId: worker.id, target: { kind: 'inPlace', writers: 'command' } })
    expect(task.target).toMatchObject({ safetyBackupId: null, allowForeignFolders: true, allowOpenFiles: false })
  })

  test('begins when somebody asks for it, paused or not', async () => {
    const { id, first } = await makeOne()
    await pauseRefresh(admin, id)
    await beginRefreshes(sunday)
    expect((await getRefresh(id, sunday)).standing).toBe('paused')
    await wantRefresh(admin, id, after(sunday, 30))
    await beginRefreshes(after(sunday, 30))
    await drop(first)
    await beginRefreshes(after(sunday, 31))
    expect(await runsOf(id)).toMatchObject([{ plannedAt: after(sunday, 30) }])
    await expect(wantRefresh(admin, id, after(sunday, 32))).rejects.toMatchObject({ code: 'refresh-at-work' })
    const viewer = { ...admin, role: 'viewer' as const }
    await expect(wantRefresh(viewer, id)).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('is not caught up after a pause or an edit, nor begun hours late: then it is told of', async () => {
    const { id, first } = await makeOne()
    await pauseRefresh(admin, id)
    await resumeRefresh(admin, id, after(sunday, 10))
    await beginRefreshes(after(sunday, 11))
    await editRefresh(admin, { id, cron: '0 4 * * 0', timeZone: 'UTC' }, after(sunday, 61))
    await beginRefreshes(after(sunday, 62))
    expect(await incidents(after(sunday, 62))).toEqual([])
    const nextSunday = after(sunday, 7 * 24 * 60 + 60)
    await beginRefreshes(after(nextSunday, 121))
    expect(await db.auditEvent.count({ where: { subjectId: first, action: 'restore.drop' } })).toBe(0)
    expect(await incidents(after(nextSunday, 121))).toEqual([expect.stringContaining('It was due at')])
    expect((await getRefresh(id, after(nextSunday, 121))).standing).toBe('late')
  })

  test('that is deleted leaves its restores, and what they keep beside', async () => {
    const { id, first } = await makeOne()
    await deleteRefresh(admin, id)
    await beginRefreshes(sunday)
    expect(await listRefreshes(sunday)).toEqual([])
    expect(await db.restore.findUniqueOrThrow({ where: { id: first } })).toMatchObject({ refreshId: null })
    await expect(getRefresh(id)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('what keeps it from beginning is kept, told of at once, and over when it begins', () => {
  test.each([
    [
      'its maker may not any more',
      'forbidden',
      () => db.user.update({ where: { id: admin.id }, data: { role: 'viewer' } }),
    ],
    ['its maker is gone', 'maker-gone', () => db.user.update({ where: { id: admin.id }, data: { disabledAt: made } })],
    ['its instance became production', 'slug-not-typed', () => setEnvironment('production')],
    ['its plan is gone', 'plan-gone', () => db.refresh.updateMany({ data: { planId: null } })],
    ['no backup is good', 'no-good-backup', () => db.backup.updateMany({ data: { state: 'failed' } })],
    ['its worker was revoked', 'worker-not-active', () => setWorker('revoked')],
    ['its last run was lost', 'last-run-lost', (first: string) => setRun(first, 'lost')],
    ['the old copy stays', 'old-copy-left', (first: string) => setDiscard(first)],
  ])('%s', async (_, code, spoil) => {
    const { id, first } = await makeOne()
    const isDropped = code !== 'old-copy-left' && code !== 'last-run-lost'
    if (isDropped) await db.restoreTask.updateMany({ where: { restoreId: first }, data: { exchange: Prisma.DbNull } })
    await spoil(first)
    await beginRefreshes(sunday)
    expect(await runsOf(id)).toEqual([])
    expect(await getRefresh(id, sunday)).toMatchObject({ problem: { code } })
    expect(await incidents(sunday)).toHaveLength(1)
  })

  test('as soon as its maker may again, it begins', async () => {
    const { id, first } = await makeOne()
    await db.restoreTask.updateMany({ where: { restoreId: first }, data: { exchange: Prisma.DbNull } })
    await db.user.update({ where: { id: admin.id }, data: { role: 'viewer' } })
    await beginRefreshes(sunday)
    await db.user.update({ where: { id: admin.id }, data: { role: 'admin' } })
    await beginRefreshes(after(sunday, 5))
    expect(await runsOf(id)).toHaveLength(1)
    expect(await getRefresh(id, after(sunday, 5))).toMatchObject({ problem: null, standing: 'at-work' })
    expect(await incidents(after(sunday, 5))).toEqual([])
  })

  const setEnvironment = (environment: 'production') =>
    db.instance.update({ where: { id: testing.id }, data: { environment } })
  const setWorker = (state: 'revoked') => db.worker.update({ where: { id: worker.id }, data: { state } })
  const setRun = (id: string, state: 'lost') => db.restore.update({ where: { id }, data: { state } })
  const setDiscard = (restoreId: string) =>
    db.restoreTask.updateMany({ where: { restoreId }, data: { discardState: 'failed' } })
})

describe('only what may be repeated is', () => {
  test.each([
    [
      'of production',
      () => db.instance.update({ where: { id: testing.id }, data: { environment: 'production' } }),
      'Production',
    ],
    ['that failed', (id: string) => db.restore.update({ where: { id }, data: { state: 'failed' } }), 'not succeeded'],
    ['of a plan that is gone', () => db.backup.update({ where: { id: backupId }, data: { planId: null } }), 'plan'],
  ])('no restore %s', async (_, spoil, words) => {
    const restoreId = await restored()
    await spoil(restoreId)
    expect(await getRepeatable(restoreId)).toMatchObject({ problem: { text: expect.stringContaining(words) } })
    await expect(makeRefresh(admin, wanted(restoreId), made)).rejects.toMatchObject({ code: 'not-repeatable' })
    expect(await db.refresh.count()).toBe(0)
  })

  test.each([
    ['beside', { inPlace: null }, 'in place'],
    ['whose writers somebody stopped by hand', { inPlace: { writers: 'stopped' as const, safety: false } }, 'writes'],
  ])('no restore %s', async (_, changes, words) => {
    const restoreId = await restored(changes)
    expect(await getRepeatable(restoreId)).toMatchObject({ problem: { text: expect.stringContaining(words) } })
  })

  test('and none of an instance that has a refresh, or without its slug, or by nobody', async () => {
    const { first } = await makeOne()
    const second = await restored()
    await expect(makeRefresh(admin, wanted(second), made)).rejects.toMatchObject({ code: 'not-repeatable' })
    await db.refresh.deleteMany()
    const untyped = { ...wanted(first), typedSlug: 'another' }
    await expect(makeRefresh(admin, untyped, made)).rejects.toMatchObject({ code: 'slug-not-typed' })
    const terminal: Actor = { kind: 'terminal', id: null, name: 'root' }
    await expect(makeRefresh(terminal, wanted(first), made)).rejects.toMatchObject({ code: 'forbidden' })
  })
})
