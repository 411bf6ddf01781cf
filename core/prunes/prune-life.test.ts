import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { deleteBackup } from '@/core/backups/delete-backup'
import { pinBackup } from '@/core/backups/pin-backup'
import { requestRestore } from '@/core/restores/request-restore'
import type { Db } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createBackup, createGoodBackup, createWorker } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { claimPrune } from './claim-prune'
import { cleanUpCopies } from './clean-up-copies'
import { cleanUpLeftovers } from './clean-up-leftovers'
import { listWaitingRemovals } from './list-waiting-removals'
import { markLostPrunes } from './mark-lost-prunes'
import { planRetention } from './plan-retention'
import { recordPruneEvents } from './record-prune-events'
import { removeWaiting } from './remove-waiting'

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
const now = new Date('2027-02-01T12:00:00Z')

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  await db.pruneItem.deleteMany()
  await db.prune.deleteMany()
  await db.restore.deleteMany()
  await db.backup.deleteMany()
  await db.plan.deleteMany()
  scene = await createScene(db)
})

const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const facts = () => ({ instanceId: scene.instance.id, planId: scene.plan.id, planSlug: scene.plan.slug })

function good(days: number, overrides: Parameters<typeof createGoodBackup>[2] = {}) {
  const place = { workerId: scene.worker.id, remoteId: scene.remote.id }
  return createGoodBackup(db, { ...facts(), ...place }, { finishedAt: daysAgo(days), ...overrides })
}

function leftover(state: 'failed' | 'cancelled' | 'lost', overrides: Parameters<typeof createBackup>[2] = {}) {
  return createBackup(
    db,
    { ...facts(), workerId: scene.worker.id },
    {
      ...{ state, finishedAt: daysAgo(1), folder: `20270131/000000Z-${scene.plan.slug}` },
      copies: { create: [{ remoteId: scene.remote.id, presence: 'leftover' }] },
      ...overrides,
    },
  )
}

const openPrune = () =>
  db.prune.findFirst({ where: { state: { in: ['queued', 'running'] } }, include: { items: true } })

async function claimed() {
  const prune = await openPrune()
  if (!prune) throw new Error('nothing to delete')
  return { run: runOf('prune', prune.id), spec: await claimPrune(scene.worker, { id: prune.id, attempt: 1 }, now) }
}

function send(run: ReturnType<typeof runOf>, bodies: EventBody[], at = now) {
  return recordPruneEvents(scene.worker, { run, events: numbered(bodies), progress: null }, at)
}

const presenceOf = async (backupId: string) => (await db.copy.findFirstOrThrow({ where: { backupId } })).presence
const done: EventBody = { type: 'finished', state: 'succeeded', problem: null }

describe('retention', () => {
  test('asks for exact backups, deletes them once, and not again before something new came in', async () => {
    const old = await good(20)
    await good(1)
    await planRetention(now)
    await planRetention(now)
    expect(await db.prune.count()).toBe(1)
    const { run, spec } = await claimed()
    expect(spec.items).toEqual([{ backupId: old.id, folder: old.folder, reason: 'retention' }])
    await send(run, [{ type: 'pruned', backupId: old.id, problem: null }, done])
    expect(await presenceOf(old.id)).toBe('pruned')
    await planRetention(now)
    expect(await db.prune.count()).toBe(1)
  })

  test('keeps the last good backup, however old, and however many failed ones are newer', async () => {
    await good(300)
    await leftover('failed')
    await planRetention(now)
    expect(await openPrune()).toBeNull()
  })

  test('counts neither unsigned nor safety backups as newer good ones', async () => {
    await good(300)
    await good(1, { manifestSha256: null })
    await good(1, { kind: 'safety' })
    await planRetention(now)
    expect(await openPrune()).toBeNull()
  })

  test('stands still while the shrink guard holds, or a clock is five minutes off', async () => {
    await good(20)
    await good(1)
    await db.plan.update({ where: { id: scene.plan.id }, data: { heldAt: now, heldReason: 'x' } })
    await planRetention(now)
    await db.plan.update({ where: { id: scene.plan.id }, data: { heldAt: null } })
    await createWorker(db, scene.instance.id, { clockSkewSeconds: -300 })
    await planRetention(now)
    expect(await openPrune()).toBeNull()
  })

  test('leaves out what was pinned or chosen for a restore after it was planned', async () => {
    const [pinned, read] = [await good(30), await good(20)]
    await good(1)
    await planRetention(now)
    await pinBackup(control, pinned.id, { reason: 'before the upgrade', until: null })
    await requestRestore(control, { backupId: read.id })
    const prune = await openPrune()
    expect(prune?.items).toHaveLength(2)
    await expect(claimPrune(scene.worker, { id: prune?.id ?? '', attempt: 1 })).rejects.toMatchObject({
      code: 'not-claimable',
    })
    expect(await db.prune.findFirst()).toMatchObject({ state: 'cancelled' })
  })

  test('deletes what was pinned up to a day that is over, and asks for nothing that is pinned still', async () => {
    const ended = await good(30, { pinnedAt: daysAgo(29), pinnedUntil: daysAgo(1) })
    await good(20, { pinnedAt: daysAgo(19), pinnedUntil: new Date(now.getTime() + 1) })
    await good(1)
    await planRetention(now)
    const { spec } = await claimed()
    expect(spec.items.map((item) => item.backupId)).toEqual([ended.id])
  })

  test('what is being deleted can be neither pinned nor restored', async () => {
    const old = await good(30)
    await good(1)
    await planRetention(now)
    await claimed()
    const refused = { code: 'being-deleted' }
    await expect(pinBackup(control, old.id, { reason: 'x', until: null })).rejects.toMatchObject(refused)
    await expect(requestRestore(control, { backupId: old.id })).rejects.toMatchObject(refused)
  })

  test('a report of a backup that was never to be deleted changes nothing', async () => {
    await good(30)
    const newest = await good(1)
    await planRetention(now)
    const { run } = await claimed()
    await send(run, [{ type: 'pruned', backupId: newest.id, problem: null }])
    expect(await presenceOf(newest.id)).toBe('present')
  })
})

describe('what waits to be removed', () => {
  const waitingOf = async () => (await listWaitingRemovals(scene.plan.id, now))[0]
  const remove = (backupIds: string[]) =>
    removeWaiting(control, scene.plan.id, { remoteId: scene.remote.id, backupIds }, now)

  test('is listed oldest first, and goes at once when a person accepts exactly that list', async () => {
    const old = [await good(40), await good(30), await good(25), await good(20)].map(({ id }) => id)
    await good(1)
    expect((await waitingOf())?.waiting.map(({ id }) => id)).toEqual(old)
    await expect(remove(old.slice(1))).rejects.toMatchObject({ code: 'list-changed' })
    await remove(old)
    const { spec } = await claimed()
    expect(new Set(spec.items.map(({ backupId }) => backupId))).toEqual(new Set(old))
    expect(await waitingOf()).toMatchObject({ waiting: [], underWay: 4 })
    const event = await db.auditEvent.findFirst({ where: { action: 'plan.remove-backups', subjectId: scene.plan.id } })
    expect(event?.detail).toMatchObject({ backupIds: old })
  })

  test('stays while the shrink guard holds or clocks disagree, whoever accepts, and says so', async () => {
    const { id } = await good(40)
    await good(1)
    await createWorker(db, scene.instance.id, { slug: 'fast', clockSkewSeconds: 400 })
    expect((await waitingOf())?.hold).toEqual({ clocks: [{ worker: 'fast', skewSeconds: 400 }] })
    await expect(remove([id])).rejects.toMatchObject({ code: 'clocks-disagree' })
    await db.plan.update({ where: { id: scene.plan.id }, data: { heldAt: now, heldReason: 'x' } })
    await expect(remove([id])).rejects.toMatchObject({ code: 'removal-held' })
  })

  test('leaves an audit event of each backup once it is gone, also when the worker says so twice', async () => {
    const { id } = await good(40)
    await good(1)
    await planRetention(now)
    const { run } = await claimed()
    await send(run, [
      { type: 'pruned', backupId: id, problem: null },
      { type: 'pruned', backupId: id, problem: null },
      done,
    ])
    expect(await db.auditEvent.findMany({ where: { action: 'backup.remove', subjectId: id } })).toMatchObject([
      { actorKind: 'worker', actorName: scene.worker.slug, detail: { reason: 'retention' } },
    ])
  })

  test('stays when the floor was raised after it was planned', async () => {
    await good(40)
    await good(1)
    await planRetention(now)
    await db.planTarget.updateMany({ where: { planId: scene.plan.id }, data: { keepAtLeast: 2 } })
    await expect(claimed()).rejects.toMatchObject({ code: 'not-claimable' })
  })
})

test('a plan whose rules are all off deletes nothing', async () => {
  for (const age of [400, 300, 200, 1]) await good(age)
  await db.planTarget.updateMany({ where: { planId: scene.plan.id }, data: { keepDays: 0 } })
  await planRetention(now)
  expect(await openPrune()).toBeNull()
})

describe('leftovers', () => {
  test.each(['failed', 'cancelled'] as const)('of a %s backup are removed', async (state) => {
    const { id } = await leftover(state)
    await cleanUpLeftovers(now)
    const { run, spec } = await claimed()
    expect(spec.items[0]).toMatchObject({ backupId: id, reason: 'leftover' })
    await send(run, [{ type: 'pruned', backupId: id, problem: null }, done])
    expect(await presenceOf(id)).toBe('absent')
    await cleanUpLeftovers(new Date(now.getTime() + 86_400_000))
    expect(await db.prune.count()).toBe(1)
  })

  test('of a lost backup wait until its worker was heard of for a while: it may still have the run in hand', async () => {
    await leftover('lost')
    await db.worker.update({ where: { id: scene.worker.id }, data: { lastSeenAt: daysAgo(1) } })
    await cleanUpLeftovers(now)
    expect(await openPrune()).toBeNull()
    await db.worker.update({ where: { id: scene.worker.id }, data: { lastSeenAt: now } })
    await cleanUpLeftovers(now)
    expect(await openPrune()).not.toBeNull()
  })

  test('that could not be removed are tried again, ever more rarely, until they are', async () => {
    const { id } = await leftover('failed')
    await cleanUpLeftovers(now)
    const { run } = await claimed()
    const problem = { code: 'remote-away', text: 'away' }
    await send(run, [
      { type: 'pruned', backupId: id, problem },
      { ...done, state: 'failed', problem },
    ])
    await cleanUpLeftovers(new Date(now.getTime() + 60_000))
    expect(await openPrune()).toBeNull()
    await cleanUpLeftovers(new Date(now.getTime() + 11 * 60_000))
    expect(await openPrune()).not.toBeNull()
  })

  test('promise: a run that died after its manifest was on the remote is found to be a backup, and stays', async () => {
    const manifestSha256 = 'a'.repeat(64)
    const { id } = await leftover('failed', { manifestSha256, goAt: daysAgo(1) })
    await cleanUpLeftovers(now)
    const { run } = await claimed()
    const problem = { code: 'has-manifest', text: 'it is a backup' }
    await send(run, [{ type: 'pruned', backupId: id, problem, manifestSha256 }, done])
    expect(await presenceOf(id)).toBe('present')
    const backup = await db.backup.findUniqueOrThrow({ where: { id }, include: { warnings: true } })
    expect(backup).toMatchObject({ state: 'warning', problem: null, warnings: [{ code: 'completed-late' }] })
  })

  test('promise: with a manifest that we never signed, it is none', async () => {
    const { id } = await leftover('failed', { manifestSha256: 'a'.repeat(64), goAt: daysAgo(1) })
    await cleanUpLeftovers(now)
    const { run } = await claimed()
    const problem = { code: 'has-manifest', text: 'it is a backup' }
    await send(run, [{ type: 'pruned', backupId: id, problem, manifestSha256: 'b'.repeat(64) }, done])
    expect(await presenceOf(id)).toBe('leftover')
    expect(await db.backup.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'failed' })
  })

  test('of a run that nobody named a folder of, or of a good backup, are none', async () => {
    await leftover('failed', { folder: null })
    await good(1)
    await cleanUpLeftovers(now)
    expect(await openPrune()).toBeNull()
  })
})

describe('a deletion that ends without a word on a backup', () => {
  async function interrupted() {
    const backup = await good(40)
    await good(1)
    await planRetention(now)
    const { run } = await claimed()
    const restarted = { code: 'worker-restarted', text: 'its process died' }
    await send(run, [{ type: 'finished', state: 'failed', problem: restarted }])
    return backup
  }

  test('promise: leaves nothing said to be there, and what is left of it goes as a deleted backup', async () => {
    const { id } = await interrupted()
    expect(await presenceOf(id)).toBe('leftover')
    await cleanUpCopies(now)
    const { run, spec } = await claimed()
    expect(spec.items).toMatchObject([{ backupId: id, reason: 'leftover' }])
    await send(run, [{ type: 'pruned', backupId: id, problem: null }, done])
    expect(await presenceOf(id)).toBe('pruned')
  })

  test('which turns out to have its manifest still, is a backup again', async () => {
    const { id, manifestSha256 } = await interrupted()
    await cleanUpCopies(now)
    const { run } = await claimed()
    const problem = { code: 'has-manifest', text: 'it is a backup' }
    await send(run, [{ type: 'pruned', backupId: id, problem, manifestSha256: manifestSha256 ?? '' }, done])
    expect(await presenceOf(id)).toBe('present')
  })

  test('and of whose worker nothing is heard any more, is in doubt, too', async () => {
    const { id } = await good(40)
    await good(1)
    await planRetention(now)
    await claimed()
    await db.prune.updateMany({ data: { lastSeenAt: new Date(0) } })
    const lives = ['web', 'control'].map((name) => ({ name, upSince: new Date(0), lastSeenAt: new Date() }))
    await db.processLife.createMany({ data: lives })
    await markLostPrunes()
    expect(await presenceOf(id)).toBe('leftover')
  })

  test('says so where the manifest is gone and the rest stayed; one that was refused is there as before', async () => {
    const [half, refused] = [await good(41), await good(40)]
    await good(1)
    await db.planTarget.updateMany({ where: { planId: scene.plan.id }, data: { keepAtLeast: 1 } })
    await planRetention(now)
    const { run } = await claimed()
    const problem = { code: 'remote-unreachable', text: 'no answer' }
    await send(run, [
      { type: 'pruned', backupId: half.id, problem, isHalf: true },
      { type: 'pruned', backupId: refused.id, problem },
      done,
    ])
    expect([await presenceOf(half.id), await presenceOf(refused.id)]).toEqual(['leftover', 'present'])
  })

  test('but was left out before the worker began, is there as before', async () => {
    const [pinned, other] = [await good(41), await good(40)]
    await good(1)
    await planRetention(now)
    await pinBackup(control, pinned.id, { reason: 'x', until: null }, now)
    const { run } = await claimed()
    await send(run, [{ type: 'pruned', backupId: other.id, problem: null }, done])
    expect(await presenceOf(pinned.id)).toBe('present')
  })
})

describe('by hand', () => {
  const ask = (backup: { id: string; folder: string | null }, lastGood = false) =>
    deleteBackup(control, { backupId: backup.id, typedName: backup.folder ?? '', lastGood }, now)
  const notClaimable = { code: 'not-claimable' }

  test('exactly the backup whose name was typed is deleted, and the audit log says by whom', async () => {
    const old = await good(3)
    await good(1)
    await expect(ask({ ...old, folder: 'another' })).rejects.toMatchObject({ code: 'typed-name-differs' })
    await ask(old)
    const { run, spec } = await claimed()
    expect(spec.items).toEqual([{ backupId: old.id, folder: old.folder, reason: 'requested' }])
    await send(run, [{ type: 'pruned', backupId: old.id, problem: null }, done])
    expect(await presenceOf(old.id)).toBe('pruned')
    const event = await db.auditEvent.findFirst({ where: { subjectId: old.id } })
    expect(event).toMatchObject({ action: 'backup.delete', detail: { lastGoodOfItsPlan: false } })
  })

  test('the last good one goes only where that was said', async () => {
    await good(3)
    const last = await good(1)
    await expect(ask(last)).rejects.toMatchObject({ code: 'last-good', where: 'lastGood' })
    expect(await openPrune()).toBeNull()
    await ask(last, true)
    expect((await claimed()).spec.items).toHaveLength(1)
  })

  test('promise: what became the last good one after it was asked for stays', async () => {
    const [old, newer] = [await good(3), await good(1)]
    await ask(old)
    await db.copy.updateMany({ where: { backupId: newer.id }, data: { presence: 'missing' } })
    await expect(claimed()).rejects.toMatchObject(notClaimable)
    expect(await presenceOf(old.id)).toBe('present')
  })

  test('a damaged one goes without its being called good', async () => {
    const damaged = await good(1)
    await db.copy.updateMany({ where: { backupId: damaged.id }, data: { presence: 'missing' } })
    await ask(damaged)
    expect((await claimed()).spec.items).toHaveLength(1)
  })

  test('none is deleted that is pinned, read by a restore, or being deleted already', async () => {
    const [pinned, read, going] = [await good(5), await good(4), await good(3)]
    await good(1)
    await pinBackup(control, pinned.id, { reason: 'x', until: null }, now)
    await requestRestore(control, { backupId: read.id })
    await ask(going)
    await expect(ask(pinned)).rejects.toMatchObject({ code: 'pinned' })
    await expect(ask(read)).rejects.toMatchObject({ code: 'being-restored' })
    await expect(ask(going)).rejects.toMatchObject({ code: 'already-asked' })
  })

  test('while the shrink guard stands nothing older than the newest goes, and nothing at all while clocks disagree', async () => {
    const [old, newest] = [await good(3), await good(1)]
    await ask(old)
    await db.plan.update({ where: { id: scene.plan.id }, data: { heldAt: now, heldReason: 'x' } })
    await expect(claimed()).rejects.toMatchObject(notClaimable)
    await expect(ask(old)).rejects.toMatchObject({ code: 'held' })
    await createWorker(db, scene.instance.id, { clockSkewSeconds: 301 })
    await expect(ask(newest, true)).rejects.toMatchObject({ code: 'clocks-disagree' })
  })
})

test('another worker can neither claim a deletion nor report on it', async () => {
  await leftover('failed')
  await cleanUpLeftovers(now)
  const prune = await openPrune()
  const stranger = await createWorker(db, scene.instance.id)
  await expect(claimPrune(stranger, { id: prune?.id ?? '', attempt: 1 })).rejects.toMatchObject({
    code: 'not-claimable',
  })
  const { run } = await claimed()
  await expect(recordPruneEvents(stranger, { run, events: numbered([done]), progress: null })).rejects.toMatchObject({
    code: 'stale-attempt',
  })
})
