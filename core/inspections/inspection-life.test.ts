import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { isGood } from '@/core/backups/good-backups'
import { claimPrune } from '@/core/prunes/claim-prune'
import { insertPrune } from '@/core/prunes/insert-prune'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { signManifest } from '@/core/signing/sign-manifest'
import { sha256Hex } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createBackup, createGoodBackup, createRemote, createWorker } from '@/scripts/test-rows'
import { createScene, manifestOf, numbered, runOf } from '@/scripts/test-scene'
import { cancelInspection } from './cancel-inspection'
import { claimInspection } from './claim-inspection'
import { markLostInspections } from './mark-lost-inspections'
import { planInspections } from './plan-inspections'
import { recordInspectionEvents } from './record-inspection-events'
import { recordManifest } from './record-manifest'
import { requestAdoption } from './request-adoption'
import { requestListing } from './request-listing'
import { requestReadBack } from './request-read-back'
import { touchInspection } from './touch-inspection'

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
const now = new Date('2027-02-01T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
})
afterAll(() => close())
beforeEach(async () => {
  await db.pruneItem.deleteMany()
  await db.prune.deleteMany()
  await db.inspection.deleteMany()
  await db.lock.deleteMany()
  await db.backup.deleteMany()
  scene = await createScene(db)
})

const place = () => ({ instanceId: scene.instance.id, remoteId: scene.remote.id })
const facts = () => ({ ...place(), planId: scene.plan.id, planSlug: scene.plan.slug, workerId: scene.worker.id })
const good = (overrides: Parameters<typeof createGoodBackup>[2] = {}) => createGoodBackup(db, facts(), overrides)
const done: EventBody = { type: 'finished', state: 'succeeded', problem: null }
const fault = { code: 'part-missing', text: 'It is gone.' }
const copyOf = (backupId: string) => db.copy.findFirstOrThrow({ where: { backupId } })
const newest = () => db.inspection.findFirstOrThrow({ orderBy: { requestedAt: 'desc' } })

async function claimed() {
  const { id } = await db.inspection.findFirstOrThrow({ where: { state: 'queued' } })
  return { run: runOf('inspection', id), spec: await claimInspection(scene.worker, { id, attempt: 1 }, now) }
}
function send(run: ReturnType<typeof runOf>, bodies: EventBody[], first = 1) {
  return recordInspectionEvents(scene.worker, { run, events: numbered(bodies, first), progress: null }, now)
}

describe('a listing', () => {
  test('is told file by file what must lie there, and what is known but not expected', async () => {
    const backup = await good({ manifestBytes: 900 })
    await db.artifact.create({
      data: {
        ...{ backupId: backup.id, workerId: scene.worker.id, kind: 'files', name: 'files.tar.zst' },
        parts: { create: [{ number: 3, bytes: 10, rawBytes: 20, sha256: 'a'.repeat(64), checked: 'hash' }] },
      },
    })
    const leftover = { state: 'failed', folder: '20270131/000000Z-x', finishedAt: now } as const
    const copies = { create: [{ remoteId: scene.remote.id, presence: 'leftover' as const }] }
    await createBackup(db, facts(), { ...leftover, copies })
    await requestListing(control, place(), now)
    const { spec } = await claimed()
    expect(spec).toMatchObject({
      kind: 'listing',
      ignored: ['20270131/000000Z-x'],
      backups: [
        {
          backupId: backup.id,
          files: [
            { name: 'manifest.json', bytes: 900 },
            { name: 'SHA256SUMS', bytes: null },
            { name: 'manifest.sig', bytes: null },
            { name: 'files.tar.zst.00003', bytes: 10, hash: null },
          ],
        },
      ],
    })
  })

  test('turns a copy to missing with its faults and back again, each in the audit log', async () => {
    const backup = await good()
    await requestListing(control, place(), now)
    const first = await claimed()
    await send(first.run, [
      { type: 'judged', backupId: backup.id, faults: [fault] },
      { ...done, state: 'warning' },
    ])
    expect(await copyOf(backup.id)).toMatchObject({ presence: 'missing', faults: [fault], faultsBy: 'listing' })
    expect(await newest()).toMatchObject({ state: 'warning', judged: 1, damaged: 1 })
    await requestListing(control, place(), new Date(now.getTime() + 1000))
    const second = await claimed()
    await send(second.run, [{ type: 'judged', backupId: backup.id, faults: [] }, done])
    expect(await copyOf(backup.id)).toMatchObject({ presence: 'present', faults: null })
    const audit = await db.auditEvent.findMany({ where: { subjectId: backup.id }, orderBy: { id: 'asc' } })
    expect(audit.map(({ action }) => action)).toEqual(['backup.missing', 'backup.present-again'])
  })

  test('promise: one that failed, or was cancelled, changes nothing', async () => {
    const backup = await good()
    await requestListing(control, place(), now)
    const { run } = await claimed()
    await send(run, [{ ...done, state: 'failed', problem: { code: 'remote-unreachable', text: 'away' } }])
    expect(await copyOf(backup.id)).toMatchObject({ presence: 'present', faults: null })
  })

  test('cannot judge what is not of its instance and remote', async () => {
    const other = await createScene(db)
    const theirs = await createGoodBackup(db, {
      ...{ instanceId: other.instance.id, planId: other.plan.id, planSlug: 'x', workerId: other.worker.id },
      remoteId: scene.remote.id,
    })
    const elsewhere = await createGoodBackup(db, { ...facts(), remoteId: other.remote.id })
    await requestListing(control, place(), now)
    const { run } = await claimed()
    await send(
      run,
      [theirs, elsewhere].map(({ id }) => ({ type: 'judged', backupId: id, faults: [fault] })),
    )
    for (const { id } of [theirs, elsewhere]) expect((await copyOf(id)).presence).toBe('present')
  })

  test('keeps the strangers of the newest look only, and none that the catalogue knows by now', async () => {
    const backup = await good()
    const stranger = { type: 'stranger', files: 1, bytes: 5, manifest: null } as const
    for (const folder of ['old', 'restic']) {
      await requestListing(control, place(), now)
      const { run } = await claimed()
      await send(run, [{ ...stranger, folder }, { ...stranger, folder: backup.folder ?? '' }, done])
    }
    expect((await db.stranger.findMany()).map(({ folder }) => folder)).toEqual(['restic'])
  })
})

describe('a look', () => {
  test('waits while a backup works on the instance, or something is deleted there; and deleting waits for it', async () => {
    const old = await good({ finishedAt: daysAgo(30) })
    await good()
    await requestListing(control, place(), now)
    await db.lock.create({ data: { instanceId: scene.instance.id, ownerKind: 'backup', ownerId: 'x' } })
    await expect(claimed()).rejects.toMatchObject({ code: 'locked' })
    await db.lock.deleteMany()
    const prune = await insertPrune(db, { ...place(), workerId: scene.worker.id }, 'retention', [old.id], now)
    await db.prune.update({ where: { id: prune.id }, data: { state: 'running' } })
    await expect(claimed()).rejects.toMatchObject({ code: 'locked' })
    await db.prune.update({ where: { id: prune.id }, data: { state: 'queued' } })
    await claimed()
    await expect(claimPrune(scene.worker, { id: prune.id, attempt: 1 }, now)).rejects.toMatchObject({ code: 'locked' })
    expect(await db.prune.findFirst()).toMatchObject({ state: 'queued' })
  })

  test('is one at a time for an instance on a remote, is another worker’s to neither claim nor report', async () => {
    const backup = await good()
    await requestReadBack(control, { backupId: backup.id, remoteId: scene.remote.id }, now)
    await expect(requestListing(control, place(), now)).rejects.toMatchObject({ code: 'look-under-way' })
    const stranger = await createWorker(db, scene.instance.id)
    const { id } = await newest()
    await expect(claimInspection(stranger, { id, attempt: 1 })).rejects.toMatchObject({ code: 'not-claimable' })
    const { run } = await claimed()
    const request = { run, events: numbered([done]), progress: null }
    await expect(recordInspectionEvents(stranger, request)).rejects.toMatchObject({ code: 'stale-attempt' })
  })

  test('can be cancelled while it waits and while it runs', async () => {
    await requestListing(control, place(), now)
    await cancelInspection(control, (await newest()).id, now)
    expect(await newest()).toMatchObject({ state: 'cancelled' })
    await requestListing(control, place(), new Date(now.getTime() + 1))
    const { run } = await claimed()
    await cancelInspection(control, run.id, now)
    expect(await touchInspection(db, scene.worker, run, now)).toBe(true)
    expect(await send(run, [])).toMatchObject({ cancel: true })
  })

  test('promise: by schedule it steps back for a backup that waits; one that a person wants goes on', async () => {
    const user = { kind: 'user', id: 'ada', name: 'Ada' } as const
    await requestListing(user, place(), now)
    const { run } = await claimed()
    await createBackup(db, facts(), { state: 'queued' })
    expect(await touchInspection(db, scene.worker, run, now)).toBe(false)
    await db.inspection.updateMany({ data: { requestedById: null } })
    expect(await touchInspection(db, scene.worker, run, now)).toBe(true)
  })

  test('of a silent worker is lost, and goes on when it is heard of again', async () => {
    await requestListing(control, place(), now)
    const { run } = await claimed()
    const later = new Date(now.getTime() + 86_400_000)
    for (const name of ['web', 'control'])
      await db.processLife.upsert({
        where: { name },
        create: { name, upSince: now, lastSeenAt: later },
        update: { upSince: now, lastSeenAt: later },
      })
    await markLostInspections(later)
    expect(await newest()).toMatchObject({ state: 'lost' })
    await send(run, [{ type: 'log', level: 'info', text: 'here again' }])
    expect(await newest()).toMatchObject({ state: 'running', problem: null })
  })
})

describe('by schedule', () => {
  const plannedAt = async (at: Date) => {
    await planInspections(at)
    return db.inspection.findMany({ where: { instanceId: scene.instance.id }, orderBy: { requestedAt: 'asc' } })
  }

  test('each instance is looked at once a day where its backups lie, and not while a backup waits', async () => {
    const waiting = await createBackup(db, facts(), { state: 'queued' })
    await good({ finishedAt: daysAgo(2) })
    expect(await plannedAt(now)).toEqual([])
    await db.backup.update({ where: { id: waiting.id }, data: { state: 'cancelled' } })
    expect(await plannedAt(now)).toMatchObject([{ kind: 'listing', requestedById: null }])
    const { run } = await claimed()
    await send(run, [done])
    expect(await plannedAt(new Date(now.getTime() + 60_000))).toHaveLength(1)
    expect(await plannedAt(new Date(now.getTime() + 86_400_000))).toHaveLength(2)
  })

  test('the newest good backup of a plan is read back when none was for so many days', async () => {
    await db.plan.update({ where: { id: scene.plan.id }, data: { readBackEveryDays: 7 } })
    await good({ finishedAt: daysAgo(6.9) })
    const last = await good({ finishedAt: daysAgo(0.1) })
    await requestListing(control, place(), now)
    await send((await claimed()).run, [done])
    expect(await plannedAt(now)).toHaveLength(1)
    const due = new Date(now.getTime() + 0.2 * 86_400_000)
    await db.inspection.updateMany({ data: { finishedAt: due } })
    expect((await plannedAt(due)).at(-1)).toMatchObject({ kind: 'readBack', backupId: last.id })
    await send((await claimed()).run, [{ type: 'judged', backupId: last.id, faults: [] }, done])
    expect(await copyOf(last.id)).toMatchObject({ verification: 'readBack' })
    const planned = await plannedAt(new Date(due.getTime() + 3_600_000))
    expect(planned.filter(({ kind }) => kind === 'readBack')).toHaveLength(1)
  })
})

describe('adoption', () => {
  const folder = '20260101/000000Z-nightly'
  const backupId = '4a7e2f5c-6d1b-4c3a-9f0e-1b2c3d4e5f60'
  const manifest = (changes: Record<string, unknown> = {}) => {
    const { id, slug } = scene.instance
    const plan = { id: backupId, slug: 'nightly' }
    const about = { backupId, attempt: 1, kind: 'scheduled', plannedAt: null, instance: { id, slug } }
    return manifestOf({ ...about, plan, worker: { slug: 'fileserver' } }, changes)
  }
  async function adopting(folders = [folder]) {
    await requestListing(control, place(), now)
    const listing = await claimed()
    const claim = { backupId, instanceId: scene.instance.id, planSlug: 'nightly', startedAt: now.toISOString() }
    const found = folders.map((name) => ({
      ...({ type: 'stranger', folder: name, files: 1, bytes: 1 } as const),
      manifest: { ...claim, signed: true },
    }))
    await send(listing.run, [...found, done])
    await requestAdoption(control, place(), new Date(now.getTime() + 1000))
    return claimed()
  }
  const handIn = (run: ReturnType<typeof runOf>, text: string, signature: string | null, where = folder) =>
    recordManifest(scene.worker, { run, folder: where, manifest: text, signature }, now)
  const sign = (text: string) => signManifest(db, text)

  test('signed by a key of ours makes a backup of ours again: of no plan, before all others, as if just uploaded', async () => {
    const newer = await good()
    const { run, spec } = await adopting()
    expect(spec).toMatchObject({ kind: 'adoption', folders: [folder] })
    const text = manifest()
    expect(await handIn(run, text, await sign(text))).toEqual({ origin: 'adopted' })
    const backup = await db.backup.findUniqueOrThrow({ where: { id: backupId }, include: { copies: true } })
    expect(backup).toMatchObject({
      origin: 'adopted',
      planId: null,
      state: 'succeeded',
      manifestSha256: sha256Hex(text),
    })
    expect(backup.copies).toMatchObject([{ presence: 'present', verification: 'uploaded' }])
    expect(backup.sequence).toBeLessThan(newer.sequence)
    expect(await db.backup.count({ where: { id: backupId, ...isGood } })).toBe(1)
    expect(await db.stranger.count()).toBe(0)
    expect(await handIn(run, text, await sign(text))).toEqual({ origin: 'known' })
  })

  test('promise: signed by nobody we know it stays foreign, and counts for nothing', async () => {
    const { run } = await adopting()
    const text = manifest()
    expect(await handIn(run, text, await sign(`${text} `))).toEqual({ origin: 'foreign' })
    expect(await db.backup.findUniqueOrThrow({ where: { id: backupId } })).toMatchObject({ origin: 'foreign' })
    expect(await db.backup.count({ where: { id: backupId, ...isGood } })).toBe(0)
  })

  test('refuses another instance’s, a known backup’s id with other content, and folders that nobody asked for', async () => {
    const { run } = await adopting()
    const refusals: [string, string, string][] = [
      [manifest({ instance: { id: backupId, slug: scene.instance.slug } }), folder, 'other-instance'],
      [manifest({ backupId: (await good()).id }), folder, 'other-backup'],
      ['{"format":1}', folder, 'invalid-manifest'],
      [manifest(), '20260101/000001Z-nightly', 'stale-attempt'],
    ]
    for (const [text, where, code] of refusals)
      await expect(handIn(run, text, await sign(text), where)).rejects.toMatchObject({ code })
    expect(await db.backup.count({ where: { origin: { not: 'own' } } })).toBe(0)
  })
})

test('a remote can be looked at before any plan uses it', async () => {
  const remote = await createRemote(db)
  await requestListing(control, { instanceId: scene.instance.id, remoteId: remote.id }, now)
  expect((await claimed()).spec).toMatchObject({ kind: 'listing', backups: [], ignored: [] })
})
