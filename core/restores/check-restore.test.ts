import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { claimAsk } from '@/core/asks/claim-ask'
import { recordAnswer } from '@/core/asks/record-answer'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import type { CheckLine } from '@/protocol/restore-check'
import type { RestorePreview } from '@/protocol/restore-preview'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createInstance, createUser, createWorker } from '@/scripts/test-rows'
import { createScene, runOf } from '@/scripts/test-scene'
import { checkRestore, type RestoreCheck } from './check-restore'
import { confirmRestore } from './confirm-restore'
import { type Draft, readDraft } from './draft'
import { previewRestore } from './preview-restore'

/** Promise: what is red stops, what is amber wants a tick, and a check serves one restore of whoever asked, for half an hour. */
let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
let backupId: string
let actor: Actor

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
  const { instance, plan, worker, remote } = scene
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  backupId = (await createGoodBackup(db, { ...facts, remoteId: remote.id })).id
  const { id, name } = await createUser(db, { role: 'operator' })
  actor = { kind: 'user', id, name, role: 'operator' }
})

const green: CheckLine = { name: 'space', level: 'green', text: 'enough', action: null }
const amber: CheckLine = { name: 'owners', level: 'amber', text: 'unknown', action: 'look' }
const red: CheckLine = { name: 'parts', level: 'red', text: 'one is missing', action: 'take another' }

/** The target's worker answers as soon as it is asked. */
async function checked(lines: CheckLine[], draft: Partial<Draft> = {}, worker = scene.worker): Promise<RestoreCheck> {
  const asking = checkRestore(actor, backupId, { ...readDraft(new URLSearchParams()), ...draft })
  const waiting = async () => {
    const ask = await db.ask.findFirst({ where: { workerId: worker.id, state: 'queued' } })
    return ask ?? new Promise<null>((resolve) => setImmediate(() => resolve(null)))
  }
  let ask = await waiting()
  while (!ask) ask = await waiting()
  const spec = await claimAsk(worker, { id: ask.id, attempt: 1 })
  expect(spec).toMatchObject({ question: 'check-restore', backup: { id: backupId }, target: { kind: 'scratch' } })
  await recordAnswer(worker, { run: runOf('ask', ask.id), problem: null, answer: { lines } })
  return asking
}

const confirm = ({ id }: RestoreCheck, accepted: string[] = [], now = new Date(), by = actor) =>
  confirmRestore(by, { checkId: id, accepted, reason: 'a file was deleted', typedSlug: null }, now)

test('what is all green is confirmed with a reason, once', async () => {
  const check = await checked([green])
  expect(check.lines.map(({ name }) => name)).toEqual(['worker', 'space'])
  await expect(
    confirmRestore(actor, { checkId: check.id, accepted: [], reason: ' ', typedSlug: null }),
  ).rejects.toMatchObject({ name: 'ZodError' })
  const { restoreId } = await confirm(check)
  expect(restoreId).toBe(check.id)
  const restore = await db.restore.findUniqueOrThrow({ where: { id: restoreId } })
  expect(restore).toMatchObject({ state: 'queued', reason: 'a file was deleted', check: { lines: check.lines } })
  await expect(confirm(check)).rejects.toMatchObject({ code: 'check-over' })
})

test('red stops, whatever is ticked', async () => {
  const check = await checked([green, red])
  await expect(confirm(check, ['parts'])).rejects.toMatchObject({ code: 'check-red', action: 'take another' })
  expect(await db.restore.count({ where: { backupId } })).toBe(0)
})

test('amber wants its own tick, which is kept', async () => {
  const check = await checked([amber, { ...amber, name: 'mongodb' }])
  await expect(confirm(check, ['owners'])).rejects.toMatchObject({ code: 'check-not-accepted' })
  const { restoreId } = await confirm(check, ['owners', 'mongodb', 'never-shown'])
  const { check: kept } = await db.restore.findUniqueOrThrow({ where: { id: restoreId } })
  expect(kept).toMatchObject({ accepted: ['owners', 'mongodb'] })
})

test('a check is of the person who asked, and not for ever', async () => {
  const check = await checked([green])
  const { id, name } = await createUser(db, { role: 'admin' })
  const other: Actor = { kind: 'user', id, name, role: 'admin' }
  await expect(confirm(check, [], new Date(), other)).rejects.toMatchObject({ code: 'check-over' })
  await expect(confirm(check, [], new Date(Date.now() + 31 * 60_000))).rejects.toMatchObject({ code: 'check-over' })
  await db.copy.updateMany({ where: { backupId }, data: { presence: 'pruned' } })
  await expect(confirm(check)).rejects.toMatchObject({ code: 'not-restorable' })
})

test('a worker that is silent is a red line, and is not asked', async () => {
  await db.worker.update({ where: { id: scene.worker.id }, data: { lastSeenAt: new Date(0) } })
  const { lines } = await checkRestore(actor, backupId, readDraft(new URLSearchParams()))
  expect(lines).toMatchObject([{ name: 'worker', level: 'red' }])
})

test('into another instance: the worker there is asked, and what it would learn is said', async () => {
  const testing = await createInstance(db, { environment: 'testing' })
  const worker = await createWorker(db, testing.id)
  const check = await checked([green], { workerId: worker.id }, worker)
  expect(check.lines.map(({ name, level }) => `${name} ${level}`)).toEqual([
    'other-instance green',
    'credentials amber',
    'worker green',
    'space green',
  ])
  const { restoreId } = await confirm(check, ['credentials'])
  const row = await db.restore.findUniqueOrThrow({ where: { id: restoreId }, include: { tasks: true } })
  expect(row).toMatchObject({ instanceId: testing.id, tasks: [{ workerId: worker.id }] })
})

test('in place into another instance: what it takes the place of, and whose plan makes the safety backup, is said before', async () => {
  const other = await createScene(db)
  await db.worker.update({ where: { id: other.worker.id }, data: { protocol: '1.1' } })
  const linesOf = async (changes: Partial<Draft> = {}) => {
    const { lines } = await checked([green], { workerId: other.worker.id, inPlace: true, ...changes }, other.worker)
    return lines.map(({ name, level }) => `${name} ${level}`)
  }
  const lines = await linesOf()
  expect(lines).toEqual(expect.arrayContaining(['takes-the-place amber', 'safety amber', 'other-instance green']))
  await db.planTarget.updateMany({ where: { planId: other.plan.id }, data: { remoteId: scene.remote.id } })
  expect(await linesOf()).toContain('safety green')
  await db.planSource.deleteMany({ where: { planId: other.plan.id } })
  expect(await linesOf()).toContain('safety red')
  expect(await linesOf({ safety: false })).toContain('no-safety amber')
})

const preview: RestorePreview = {
  trees: [],
  counts: { added: 0, changed: 1, removed: 0, same: 2 },
  collections: [{ database: 'girder', collection: 'user', change: 'changed', now: 3, after: 2 }],
  settings: [],
}

test('what would change in place is counted by the worker, told to who asked alone, and kept with the restore', async () => {
  await db.worker.update({ where: { id: scene.worker.id }, data: { protocol: '1.1' } })
  const check = await checked([green], { inPlace: true, safety: false })
  expect(await previewRestore(actor, check.id)).toMatchObject({ preview: null, problem: null })
  expect(await previewRestore(actor, check.id)).toMatchObject({ preview: null, problem: null })
  const asked = { workerId: scene.worker.id, question: 'preview-restore' }
  const ask = await vi.waitUntil(() => db.ask.findFirst({ where: asked }))
  expect(await db.ask.count({ where: asked })).toBe(1)
  const spec = await claimAsk(scene.worker, { id: ask.id, attempt: 1 })
  expect(spec).toMatchObject({ inPlace: { worker: { id: scene.worker.id }, writers: 'stopped' } })
  await recordAnswer(scene.worker, { run: runOf('ask', ask.id), problem: null, answer: preview })
  await vi.waitUntil(async () => (await previewRestore(actor, check.id)).preview)
  expect(await previewRestore(actor, check.id)).toMatchObject({ preview })
  const { id, name } = await createUser(db, { role: 'admin' })
  await expect(previewRestore({ kind: 'user', id, name, role: 'admin' }, check.id)).rejects.toMatchObject({
    code: 'check-over',
  })
  const { check: kept } = await db.restore.findUniqueOrThrow({
    where: { id: (await confirm(check, ['writers', 'no-safety'])).restoreId },
  })
  expect(kept).toMatchObject({ preview })
})

test('a viewer is not even answered', async () => {
  const viewer: Actor = { ...actor, role: 'viewer' }
  const asking = checkRestore(viewer, backupId, readDraft(new URLSearchParams()))
  await expect(asking).rejects.toMatchObject({ code: 'forbidden' })
  expect(await db.ask.count({ where: { workerId: scene.worker.id } })).toBe(0)
})
