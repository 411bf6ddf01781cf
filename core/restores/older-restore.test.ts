import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Actor, control } from '@/core/audit/actor'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import type { Db } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { olderRestoreOrderSchema } from '@/protocol/specs'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createInstance, createPlan, createRemote, createSource, createUser, createWorker } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { claimDiscard } from './claim-discard'
import { claimRestore } from './claim-restore'
import { getReceipt } from './get-receipt'
import { getRestore } from './get-restore'
import { getRestoreLive } from './get-restore-live'
import { listRestores } from './list-restores'
import { readOlderDraft } from './older-draft'
import { recordRestoreEvents } from './record-restore-events'
import { requestDiscard } from './request-discard'
import { requestOlderRestore } from './request-older-restore'
import { resolveOlderDraft } from './resolve-older-draft'

/** Promise: only a file that a look at the remote listed is restored, beside, by whoever may restore there. */
let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
const queue = openTestQueue()
const day = '20220101'

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
  const { instance, worker, remote } = scene
  const ofListing = { instanceId: instance.id, workerId: worker.id, remoteId: remote.id, kind: 'listing' as const }
  const older = [
    { name: `home-${day}.tgz`, bytes: 5000, holds: 'homes' },
    { name: `mongodump-${day}.tgz`, bytes: 700, holds: 'mongodb' },
  ]
  await db.inspection.create({
    data: {
      ...{ ...ofListing, state: 'succeeded' },
      strangers: {
        create: [
          { folder: day, files: 2, bytes: 5700, older },
          { folder: '20220102', files: 1, bytes: 10 },
        ],
      },
    },
  })
})

const askedBy = (actor: Actor, changes: Partial<Parameters<typeof requestOlderRestore>[1]> = {}) =>
  requestOlderRestore(actor, {
    ...{ remoteId: scene.remote.id, instanceSlug: scene.instance.slug, day, name: `home-${day}.tgz` },
    ...{ workerId: scene.worker.id, folder: null, mongodbSourceId: null, reason: 'a test' },
    ...{ accepted: ['origin', 'credentials'], typedSlug: null, ...changes },
  })
const counts = async () => [await db.restore.count(), await db.auditEvent.count(), queue.jobs.size]

async function actorOf(role: 'viewer' | 'operator' | 'admin'): Promise<Actor> {
  const { id, name } = await createUser(db, { role })
  return { kind: 'user', id, name, role }
}

test.each([
  ['viewer', 'own', 'testing', 'forbidden'],
  ['operator', 'own', 'production', 'allowed'],
  ['operator', 'other', 'testing', 'allowed'],
  ['operator', 'other', 'production', 'forbidden'],
  ['admin', 'other', 'production', 'slug-not-typed'],
] as const)('%s, into %s instance, %s: %s', async (role, whose, environment, expected) => {
  await db.instance.update({ where: { id: scene.instance.id }, data: { environment } })
  const other = await createInstance(db, { environment })
  const worker = whose === 'own' ? scene.worker : await createWorker(db, other.id)
  const actor = await actorOf(role)
  const before = await counts()
  const asking = askedBy(actor, { workerId: worker.id })
  if (expected !== 'allowed') {
    await expect(asking).rejects.toMatchObject({ code: expected })
    expect(await counts()).toEqual(before)
    return
  }
  const { restoreId } = await asking
  const event = await db.auditEvent.findFirstOrThrow({ where: { subjectId: restoreId } })
  expect(event).toMatchObject({ action: 'restore.request', instanceId: worker.instanceId })
  expect(event.detail).toMatchObject({ olderFile: `${scene.instance.slug}/${day}/home-${day}.tgz`, reason: 'a test' })
})

test.each([
  ['a file that no look listed', { name: 'homes.tar' }, 'older-file-not-found'],
  ['a day without any', { day: '20220102' }, 'older-file-not-found'],
  ['a day that is not there', { day: '20210101' }, 'older-file-not-found'],
  ['the folder of another instance', { instanceSlug: 'another' }, 'older-file-not-found'],
  ['databases without a server', { name: `mongodump-${day}.tgz` }, 'no-mongodb-target'],
  ['what was not accepted', { accepted: [] }, 'check-not-accepted'],
])('refused: %s', async (_, changes, code) => {
  const before = await counts()
  await expect(askedBy(control, changes)).rejects.toMatchObject({ code })
  expect(await counts()).toEqual(before)
})

test.each([
  { name: '../20220101/homes.tar' },
  { name: 'anything.tgz' },
  { day: '..' },
  { day: `${day}/x` },
  { folder: 'relative' },
  { reason: ' ' },
])('free text is no path: %o', async (changes) => {
  await expect(askedBy(control, changes)).rejects.toMatchObject({ name: 'ZodError' })
})

test.each([
  ['is silent', { lastSeenAt: new Date(0) }, /Nothing was heard/],
  ['is too old', { protocol: '1.0' }, /too old/],
])('that a worker %s is said before, and it gets nothing to do', async (_, facts, text) => {
  const worker = await createWorker(db, scene.instance.id, facts)
  const query = `instance=${scene.instance.slug}&day=${day}&file=home-${day}.tgz&worker=${worker.id}`
  const draft = readOlderDraft(new URLSearchParams(query))
  const { lines } = await resolveOlderDraft(await actorOf('admin'), scene.remote.id, draft)
  const red = expect.stringMatching(text)
  expect(lines[0]).toMatchObject({ name: 'worker', level: 'red', text: red })
  await expect(askedBy(control, { workerId: worker.id })).rejects.toMatchObject({ code: 'check-red', message: red })
})

test('it is fetched no faster than the backups that lie beside it, of whichever plan', async () => {
  const { instance, plan, remote, worker } = scene
  const limitNow = async () => {
    const { restoreId } = await askedBy(control)
    return (await claimRestore(worker, { id: restoreId, attempt: 1 })).limits.bytesPerSecond
  }
  expect(await limitNow()).toBeNull()
  await db.plan.update({ where: { id: plan.id }, data: { bytesPerSecond: 9_000_000 } })
  const facts = { instanceId: instance.id, sourceIds: [scene.source.id] }
  await createPlan(db, { ...facts, remoteId: remote.id }, { bytesPerSecond: 2_000_000 })
  await createPlan(db, { ...facts, remoteId: (await createRemote(db)).id }, { bytesPerSecond: 1_000_000 })
  expect(await limitNow()).toBe(2_000_000)
})

test('its worker is told the path that was listed; what was left out stands in the log; it ends with a receipt', async () => {
  await ensureSigningKey()
  const { restoreId } = await askedBy(control)
  const spec = olderRestoreOrderSchema.parse(await claimRestore(scene.worker, { id: restoreId, attempt: 1 }))
  expect(spec).toMatchObject({
    older: { path: `${scene.instance.slug}/${day}/home-${day}.tgz` },
    target: { kind: 'scratch', folder: null, mongodb: null },
  })
  expect(spec).not.toHaveProperty('backup')
  const send = (bodies: EventBody[], first = 1) =>
    recordRestoreEvents(scene.worker, {
      ...{ run: runOf('restore', restoreId), events: numbered(bodies, first), progress: null },
    })
  await send([
    { type: 'scratch', folder: '/srv/scratch/x' },
    { type: 'warning', code: 'older-left-out', text: 'It leads outside.', where: '../outside' },
  ])
  await expect(getReceipt(restoreId)).rejects.toMatchObject({ code: 'receipt-not-found' })
  await send([{ type: 'finished', state: 'warning', problem: null }], 3)
  const live = await getRestoreLive(restoreId)
  expect(live).toMatchObject({ state: 'warning', phases: [{ phase: 'files', state: 'finished' }] })
  expect(live.lines).toMatchObject([{ level: 'warn', text: '../outside: It leads outside.' }])
  expect(await getRestore(restoreId)).toMatchObject({
    ...{ backup: null, olderFile: { day, holds: 'homes', bytes: 5000 }, check: { accepted: ['origin'] } },
    tasks: [{ folder: '/srv/scratch/x' }],
  })
  const { receipt } = await getReceipt(restoreId)
  expect(receipt).toMatchObject({ backup: null, olderFile: { path: spec.older.path }, places: [{ comparison: null }] })
  const { items } = await listRestores({ page: 1 })
  expect(items.find(({ id }) => id === restoreId)).toMatchObject({ backup: null, olderFile: { day } })

  await requestDiscard(control, restoreId)
  const discard = await claimDiscard(scene.worker, { id: restoreId, attempt: 1 })
  expect(discard.target).toMatchObject({ kind: 'scratch', folder: '/srv/scratch/x' })
})

test('what was asked for is done though a later look no longer lists it', async () => {
  const { restoreId } = await askedBy(control)
  await db.inspection.deleteMany()
  expect(await claimRestore(scene.worker, { id: restoreId, attempt: 1 })).toMatchObject({ restoreId })
})

test('the page offers workers of the instances that the person may restore into, and what is usual', async () => {
  await db.instance.update({ where: { id: scene.instance.id }, data: { environment: 'testing' } })
  const production = await createInstance(db, { environment: 'production' })
  const inProduction = await createWorker(db, production.id)
  const settings = { reach: 'direct', databases: null, consistency: 'best', tools: 'auto' }
  const mongodb = { kind: 'mongodb' as const, settings }
  const source = await createSource(db, scene.instance.id, scene.worker.id, mongodb)
  const query = `instance=${scene.instance.slug}&day=${day}&file=mongodump-${day}.tgz&worker=${inProduction.id}`
  const draft = readOlderDraft(new URLSearchParams(query))
  const resolved = await resolveOlderDraft(await actorOf('operator'), scene.remote.id, draft)
  expect(resolved).toMatchObject({ target: { id: scene.worker.id }, mongodbSourceId: source.id, isOther: false })
  expect(resolved.targets.map(({ id }) => id)).not.toContain(inProduction.id)
  const ofAdmin = await resolveOlderDraft(await actorOf('admin'), scene.remote.id, draft)
  expect(ofAdmin).toMatchObject({ target: { id: inProduction.id }, mongodbSourceId: null, isOther: true })
  expect(ofAdmin.lines.map(({ name }) => name)).toEqual(['origin', 'other-instance', 'credentials'])
  const nothing = readOlderDraft(new URLSearchParams('file=/etc/passwd'))
  const asking = resolveOlderDraft(await actorOf('admin'), scene.remote.id, nothing)
  await expect(asking).rejects.toMatchObject({ code: expect.stringMatching(/-not-found$/) })
})
