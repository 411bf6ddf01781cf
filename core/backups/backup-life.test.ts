import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { takeLock } from '@/core/locks/take-lock'
import { beginLife } from '@/core/processes/beat'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { readRunLog } from '@/core/workers/run-log'
import { isSignedBy, sha256Hex } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue, type TestQueue } from '@/scripts/test-queue'
import { createBackup, createGoodBackup, createWorker } from '@/scripts/test-rows'
import { createScene, manifestOf, numbered, runOf } from '@/scripts/test-scene'
import { cancelBackup } from './cancel-backup'
import { claimBackup } from './claim-backup'
import { enqueueWaitingBackups } from './enqueue-waiting-backups'
import { giveGo } from './give-go'
import { markLostBackups } from './mark-lost-backups'
import { recordBackupEvents } from './record-events'
import { requestBackup } from './request-backup'

let db: Db
let close: () => Promise<void>
let queue: TestQueue
let scene: Awaited<ReturnType<typeof createScene>>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  queue = openTestQueue()
  await ensureSigningKey()
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
})

const succeeded: EventBody = { type: 'finished', state: 'succeeded', problem: null }
const summary: EventBody = {
  ...{ type: 'summary', bytes: 10, rawBytes: 20, warningCount: 0, changedFiles: 1, held: [] },
  ...{ namespaces: { 'girder.user': 3 }, trees: {}, consistency: 'plain', tools: {} },
}

async function claimed() {
  const { backupId } = await requestBackup(control, scene.plan.id)
  const spec = await claimBackup(scene.worker, { id: backupId, attempt: 1 })
  return { backupId, spec, run: runOf('backup', backupId) }
}

function send(run: ReturnType<typeof runOf>, bodies: EventBody[], first = 1) {
  return recordBackupEvents(scene.worker, { run, events: numbered(bodies, first), progress: null })
}

function folderOf(time: string): EventBody {
  return { type: 'folder', folder: `20270101/${time}Z-${scene.plan.slug}` }
}

const rowOf = (id: string) => db.backup.findUniqueOrThrow({ where: { id }, include: { copies: true } })
const stateOf = async (id: string) => (await rowOf(id)).state

/** Web and control have listened for a day, so that a worker's silence counts. */
async function silence(backupId: string, now: Date) {
  for (const name of ['web', 'control'])
    await db.processLife.upsert({
      where: { name },
      create: { name, upSince: new Date(now.getTime() - 86_400_000), lastSeenAt: now },
      update: { upSince: new Date(now.getTime() - 86_400_000), lastSeenAt: now },
    })
  const lastSeenAt = new Date(now.getTime() - 3_600_000)
  await db.backupTask.updateMany({ where: { backupId, state: 'running' }, data: { lastSeenAt } })
}

describe('a backup from request to end', () => {
  test('is enqueued, claimed once, gets its go, and is good only then', async () => {
    const { backupId, spec, run } = await claimed()
    expect(queue.jobs).toContain(`tk:${scene.worker.redisPrefix} work backup-${backupId}-1`)
    expect(spec).toMatchObject({ kind: 'manual', plan: { slug: scene.plan.slug }, baseline: null })
    expect(spec.sources[0]).toMatchObject({ kind: 'tree', slug: scene.source.slug })
    await send(run, [folderOf('010101'), { type: 'log', level: 'info', text: 'hello' }, summary])
    expect((await rowOf(backupId)).copies[0]?.presence).toBe('leftover')
    const manifest = manifestOf(spec)
    const { signature } = await giveGo(scene.worker, { run, manifest })
    const [key = ''] = await listSigningKeys()
    expect(isSignedBy(Buffer.from(manifest), signature, key)).toBe(true)
    expect(await send(run, [succeeded], 4)).toEqual({ lastSequence: 4, cancel: false })
    const row = await rowOf(backupId)
    expect(row).toMatchObject({ state: 'succeeded', manifestSha256: sha256Hex(manifest), bytes: 10n })
    expect(row.copies[0]).toMatchObject({ presence: 'present' })
    expect(await db.lock.findUnique({ where: { instanceId: scene.instance.id } })).toBeNull()
    expect(readRunLog(run, { limit: 9 }).lines.map(({ text }) => text)).toEqual(['hello'])
    const next = await claimed()
    expect(next.spec.baseline).toMatchObject({ backupId, namespaces: { 'girder.user': 3 }, changedFiles: 1 })
  })

  test('that reports success without a go is failed: nothing half-done is ever good', async () => {
    const { backupId, run } = await claimed()
    await send(run, [succeeded])
    expect(await rowOf(backupId)).toMatchObject({ state: 'failed', problem: { code: 'finished-without-go' } })
  })

  test('whose shrink guard spoke stops the retention of its plan', async () => {
    const { spec, run } = await claimed()
    await giveGo(scene.worker, { run, manifest: manifestOf(spec) })
    await send(run, [
      { ...summary, held: ['girder.user has 1 document, 3 yesterday'] },
      { ...succeeded, state: 'warning' },
    ])
    const plan = await db.plan.findUniqueOrThrow({ where: { id: scene.plan.id } })
    expect(plan.heldReason).toContain('girder.user')
  })

  test('whose remote or source is gone fails with the reason, and does not stay queued', async () => {
    const { backupId } = await requestBackup(control, scene.plan.id)
    await db.planSource.deleteMany({ where: { planId: scene.plan.id } })
    await expect(claimBackup(scene.worker, { id: backupId, attempt: 1 })).rejects.toMatchObject({
      code: 'not-claimable',
    })
    expect(await rowOf(backupId)).toMatchObject({ state: 'failed', problem: { code: 'plan-gone' } })
  })

  test('is refused while another of its plan is open', async () => {
    await requestBackup(control, scene.plan.id)
    await expect(requestBackup(control, scene.plan.id)).rejects.toMatchObject({ code: 'already-running' })
  })
})

describe('forged, stale and doubled requests', () => {
  test('a claim by another worker, of another attempt, or a second time is refused', async () => {
    const { backupId } = await requestBackup(control, scene.plan.id)
    const stranger = await createWorker(db, scene.instance.id)
    const refused = { code: 'not-claimable' }
    await expect(claimBackup(stranger, { id: backupId, attempt: 1 })).rejects.toMatchObject(refused)
    await expect(claimBackup(scene.worker, { id: backupId, attempt: 2 })).rejects.toMatchObject(refused)
    await expect(claimBackup(scene.worker, { id: randomUUID(), attempt: 1 })).rejects.toMatchObject(refused)
    const both = await Promise.allSettled([1, 2].map(() => claimBackup(scene.worker, { id: backupId, attempt: 1 })))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a locked instance hands out nothing, and the run stays queued', async () => {
    await db.$transaction((transaction) => takeLock(transaction, scene.instance.id, { kind: 'restore', id: 'r' }))
    const { backupId } = await requestBackup(control, scene.plan.id)
    await expect(claimBackup(scene.worker, { id: backupId, attempt: 1 })).rejects.toMatchObject({ code: 'locked' })
    expect(await stateOf(backupId)).toBe('queued')
  })

  test("doubled events count once, those after a gap are not taken, a stranger's change nothing", async () => {
    const { backupId, run } = await claimed()
    const warning: EventBody = { type: 'warning', code: 'changed', text: 'a file changed' }
    const log: EventBody = { type: 'log', level: 'info', text: 'one' }
    expect(await send(run, [warning, log])).toEqual({ lastSequence: 2, cancel: false })
    expect(await send(run, [warning, log, warning])).toEqual({ lastSequence: 3, cancel: false })
    expect(await send(run, [warning], 5)).toEqual({ lastSequence: 3, cancel: false })
    expect((await rowOf(backupId)).warningCount).toBe(2)
    expect(readRunLog(run, { limit: 9 }).lines).toHaveLength(1)
    const stranger = await createWorker(db, scene.instance.id)
    const forged = { run, events: numbered([succeeded], 4), progress: null }
    await expect(recordBackupEvents(stranger, forged)).rejects.toMatchObject({ code: 'stale-attempt' })
    const stale = { ...forged, run: runOf('backup', backupId, 2) }
    await expect(recordBackupEvents(scene.worker, stale)).rejects.toMatchObject({ code: 'stale-attempt' })
    expect(await stateOf(backupId)).toBe('running')
  })

  test('nothing is added to a backup that ended, but a worker may ask how far it got', async () => {
    const { run } = await claimed()
    await send(run, [{ type: 'finished', state: 'failed', problem: { code: 'x', text: 'broken' } }])
    await expect(send(run, [succeeded], 2)).rejects.toMatchObject({ code: 'stale-attempt' })
    expect(await send(run, [])).toEqual({ lastSequence: 1, cancel: true })
  })

  test('a folder of another backup, of another plan, or a second one is refused: it could be deleted as a leftover', async () => {
    const { run } = await claimed()
    const good = await createGoodBackup(db, {
      ...{ instanceId: scene.instance.id, planId: scene.plan.id, planSlug: scene.plan.slug },
      ...{ workerId: scene.worker.id, remoteId: scene.remote.id },
    })
    for (const folder of [
      good.folder ?? '',
      '20270101/000000Z-other',
      `20270101/000000Z-${scene.plan.slug}-evil`,
      '../..',
    ])
      await expect(send(run, [{ type: 'folder', folder }]), folder).rejects.toMatchObject({ code: 'invalid-folder' })
    await send(run, [{ type: 'folder', folder: `20270101/000000Z-${scene.plan.slug}-2` }])
    await expect(send(run, [folderOf('000001')], 2)).rejects.toMatchObject({ code: 'invalid-folder' })
  })

  test("a planted manifest gets no go: a stranger's, altered ids, another kind or format, no JSON", async () => {
    const { spec, run } = await claimed()
    const planted: Record<string, unknown>[] = [
      { backupId: randomUUID() },
      { attempt: 2 },
      { instance: { id: randomUUID(), slug: scene.instance.slug } },
      { instance: { id: scene.instance.id, slug: 'other' } },
      { plan: { id: randomUUID(), slug: scene.plan.slug } },
      { kind: 'scheduled' },
      { plannedAt: '2030-01-01T00:00:00.000Z' },
      { format: 2 },
    ]
    for (const changes of planted)
      await expect(
        giveGo(scene.worker, { run, manifest: manifestOf(spec, changes) }),
        JSON.stringify(changes),
      ).rejects.toMatchObject({ code: 'invalid-manifest' })
    await expect(giveGo(scene.worker, { run, manifest: 'no JSON' })).rejects.toMatchObject({ code: 'invalid-manifest' })
    const stranger = await createWorker(db, scene.instance.id)
    await expect(giveGo(stranger, { run, manifest: manifestOf(spec) })).rejects.toMatchObject({ code: 'stale-attempt' })
    expect((await rowOf(spec.backupId)).goAt).toBeNull()
  })

  test('the same go again has the same answer; one for another manifest is refused', async () => {
    const { spec, run } = await claimed()
    const manifest = manifestOf(spec)
    const first = await giveGo(scene.worker, { run, manifest })
    expect(await giveGo(scene.worker, { run, manifest })).toEqual(first)
    const other = manifestOf(spec, { changedFiles: 1 })
    await expect(giveGo(scene.worker, { run, manifest: other })).rejects.toMatchObject({ code: 'go-given' })
  })
})

describe('cancel', () => {
  test('ends a queued backup at once, and takes its job away', async () => {
    const { backupId } = await requestBackup(control, scene.plan.id)
    await cancelBackup(control, backupId)
    expect(await stateOf(backupId)).toBe('cancelled')
    expect([...queue.jobs].join()).not.toContain(backupId)
  })

  test('is told to the worker with its next events, which then gets no go', async () => {
    const { backupId, spec, run } = await claimed()
    await cancelBackup(control, backupId)
    expect(await send(run, [{ type: 'log', level: 'info', text: 'x' }])).toMatchObject({ cancel: true })
    await expect(giveGo(scene.worker, { run, manifest: manifestOf(spec) })).rejects.toMatchObject({ code: 'cancelled' })
    await send(run, [{ type: 'finished', state: 'cancelled', problem: null }], 2)
    expect(await stateOf(backupId)).toBe('cancelled')
  })

  test('comes too late once the manifest is signed', async () => {
    const { backupId, spec, run } = await claimed()
    await giveGo(scene.worker, { run, manifest: manifestOf(spec) })
    await expect(cancelBackup(control, backupId)).rejects.toMatchObject({ code: 'too-late' })
  })
})

describe('a worker that falls silent', () => {
  const now = new Date('2027-01-01T12:00:00Z')

  test('loses its backup and frees the instance; late events overturn that', async () => {
    const { backupId, spec, run } = await claimed()
    await silence(backupId, now)
    await markLostBackups(now)
    expect(await stateOf(backupId)).toBe('lost')
    expect(await db.lock.count({ where: { instanceId: scene.instance.id } })).toBe(0)
    // believed lost, it does not write its manifest
    await expect(giveGo(scene.worker, { run, manifest: manifestOf(spec) })).rejects.toMatchObject({
      code: 'believed-lost',
    })
    expect(await send(run, [summary])).toEqual({ lastSequence: 1, cancel: false })
    expect(await rowOf(backupId)).toMatchObject({ state: 'running', problem: null, finishedAt: null })
    expect(await db.lock.count({ where: { ownerId: backupId } })).toBe(1)
    await giveGo(scene.worker, { run, manifest: manifestOf(spec) })
    await send(run, [succeeded], 2)
    expect(await stateOf(backupId)).toBe('succeeded')
  })

  test('and wakes up after a newer backup of its plan began is told to stop, and never gets a go', async () => {
    const { backupId, spec, run } = await claimed()
    await silence(backupId, now)
    await markLostBackups(now)
    const newer = await claimed()
    expect(await send(run, [summary])).toEqual({ lastSequence: 1, cancel: true })
    await expect(giveGo(scene.worker, { run, manifest: manifestOf(spec) })).rejects.toMatchObject({
      code: 'believed-lost',
    })
    await send(run, [{ type: 'finished', state: 'cancelled', problem: null }], 2)
    expect(await stateOf(backupId)).toBe('cancelled')
    expect(await stateOf(newer.backupId)).toBe('running')
    expect(await db.lock.count({ where: { ownerId: newer.backupId } })).toBe(1)
  })

  test('after its go, and then reports success, has made a good backup: its manifest is there', async () => {
    const { backupId, spec, run } = await claimed()
    await giveGo(scene.worker, { run, manifest: manifestOf(spec) })
    await silence(backupId, now)
    await markLostBackups(now)
    await claimed()
    await send(run, [succeeded])
    expect(await stateOf(backupId)).toBe('succeeded')
  })

  test('is not silent while we could not hear it: web or control away, just back, or clocks set', async () => {
    const { backupId } = await claimed()
    await silence(backupId, now)
    await db.processLife.update({ where: { name: 'web' }, data: { lastSeenAt: new Date(now.getTime() - 600_000) } })
    await markLostBackups(now)
    expect(await stateOf(backupId)).toBe('running')
    await beginLife('web', now)
    await markLostBackups(now)
    expect(await stateOf(backupId)).toBe('running')
    await silence(backupId, now)
    await beginLife('control', now)
    await markLostBackups(now)
    expect(await stateOf(backupId)).toBe('running')
  })
})

test('whatever Redis forgot is enqueued again, and only that', async () => {
  queue.isAway = true
  const { backupId } = await requestBackup(control, scene.plan.id)
  expect(await stateOf(backupId)).toBe('queued')
  queue.isAway = false
  const job = `tk:${scene.worker.redisPrefix} work backup-${backupId}-1`
  await enqueueWaitingBackups()
  expect(queue.jobs).toContain(job)
  queue.jobs.clear()
  await enqueueWaitingBackups()
  expect(queue.jobs).toContain(job)
  await claimBackup(scene.worker, { id: backupId, attempt: 1 })
  queue.jobs.clear()
  await enqueueWaitingBackups()
  expect([...queue.jobs].join()).not.toContain(backupId)
  await createBackup(db, { instanceId: scene.instance.id, planId: null, planSlug: 'x' })
})
