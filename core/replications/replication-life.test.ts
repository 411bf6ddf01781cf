import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { deleteBackup } from '@/core/backups/delete-backup'
import { claimPrune } from '@/core/prunes/claim-prune'
import { cleanUpCopies } from '@/core/prunes/clean-up-copies'
import { planRetention } from '@/core/prunes/plan-retention'
import { recordPruneEvents } from '@/core/prunes/record-prune-events'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { claimRun } from '@/core/workers/claim-run'
import { sha256Hex } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { protocolVersion } from '@/protocol/version'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createBackup, createGoodBackup, createRemote, createUser, createWorker } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { cancelReplication } from './cancel-replication'
import { claimReplication } from './claim-replication'
import { enqueueWaitingReplications } from './enqueue-waiting-replications'
import { giveCopyGo } from './give-copy-go'
import { listWantedCopies } from './list-wanted-copies'
import { markLostReplications } from './mark-lost-replications'
import { planReplications } from './plan-replications'
import { recordReplicationEvents } from './record-replication-events'
import { requestReplication } from './request-replication'
import { touchReplication } from './touch-replication'
import { mostTries } from './try-rules'

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
let second: Awaited<ReturnType<typeof createRemote>>
let person: Actor
const now = new Date('2027-02-01T12:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
  const { id, name } = await createUser(db)
  person = { kind: 'user', id, name }
})
afterAll(() => close())
beforeEach(async () => {
  await db.pruneItem.deleteMany()
  await db.prune.deleteMany()
  await db.backup.deleteMany()
  await db.plan.deleteMany()
  scene = await createScene(db)
  second = await createRemote(db)
  await db.planTarget.create({
    data: { planId: scene.plan.id, remoteId: second.id, position: 1, keepDays: 30, addedAt: now },
  })
})

const facts = () => ({
  ...{ instanceId: scene.instance.id, planId: scene.plan.id, planSlug: scene.plan.slug },
  ...{ workerId: scene.worker.id, remoteId: scene.remote.id },
})
const good = (overrides: Parameters<typeof createGoodBackup>[2] = {}) =>
  createGoodBackup(db, facts(), { finishedAt: now, ...overrides })
type Good = Awaited<ReturnType<typeof good>>
const copyOn = (backup: { id: string }, remoteId: string) =>
  db.copy.findUnique({ where: { backupId_remoteId: { backupId: backup.id, remoteId } } })
const replications = () => db.replication.findMany({ orderBy: { requestedAt: 'asc' } })
const newest = () => db.replication.findFirstOrThrow({ orderBy: { requestedAt: 'desc' } })

async function claimed(at = now) {
  const { id } = await db.replication.findFirstOrThrow({ where: { state: 'queued' } })
  return { run: runOf('replication', id), spec: await claimReplication(scene.worker, { id, attempt: 1 }, at) }
}
type Run = ReturnType<typeof runOf>
const send = (run: Run, bodies: EventBody[], first = 1, at = now) =>
  recordReplicationEvents(scene.worker, { run, events: numbered(bodies, first), progress: null }, at)
const go = (run: Run, backup: Good) =>
  giveCopyGo(scene.worker, { run, manifestSha256: backup.manifestSha256 ?? '' }, now)
const begun = (backup: Good): EventBody => ({ type: 'folder', folder: backup.folder ?? '' })
const copied: EventBody = { type: 'copied', verification: 'uploaded' }
const done: EventBody = { type: 'finished', state: 'succeeded', problem: null }
const failed: EventBody = {
  ...{ type: 'finished', state: 'failed' },
  problem: { code: 'remote-unreachable', text: 'It is away.' },
}

async function listenAt(at: Date) {
  const life = { upSince: later(-600), lastSeenAt: at }
  for (const name of ['web', 'control'])
    await db.processLife.upsert({ where: { name }, create: { name, ...life }, update: life })
}

async function fail(at: Date) {
  await planReplications(at)
  const { run } = await claimed(at)
  await send(run, [failed], 1, at)
}

describe('the life of a copy', () => {
  test('planned once a backup is good, begun, given its go, and there', async () => {
    const backup = await good()
    await planReplications(now)
    await planReplications(later(1))
    expect(await replications()).toHaveLength(1)
    const { run, spec } = await claimed()
    expect(spec).toMatchObject({
      backup: { id: backup.id, folder: backup.folder, manifestSha256: backup.manifestSha256 },
      from: { id: scene.remote.id },
      to: { id: second.id },
      limits: { bytesPerSecond: null },
    })
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'absent' })
    await send(run, [begun(backup)])
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'leftover' })
    await go(run, backup)
    await send(run, [copied, done], 2)
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'present', verification: 'uploaded' })
    expect(await newest()).toMatchObject({ state: 'succeeded', progress: null })
    await planReplications(later(10))
    expect(await replications()).toHaveLength(1)
    expect(await db.auditEvent.findFirst({ where: { subjectId: backup.id, action: 'backup.copied' } })).not.toBeNull()
  })

  test('promise: a worker that never had a go is not believed that it copied anything', async () => {
    const backup = await good()
    await planReplications(now)
    const { run } = await claimed()
    await send(run, [begun(backup), copied, done])
    expect(await newest()).toMatchObject({ state: 'failed', problem: { code: 'finished-without-go' } })
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'leftover' })
  })

  test('a go is refused to a stranger, for another manifest, once cancelled, and while it counts as lost', async () => {
    const backup = await good()
    await planReplications(now)
    const { run } = await claimed()
    const refused = (code: string) => ({ code })
    await expect(go(run, backup)).rejects.toMatchObject(refused('stale-attempt')) // nothing was begun
    await send(run, [begun(backup)])
    await expect(
      giveCopyGo(await createWorker(db, scene.instance.id), {
        run,
        manifestSha256: backup.manifestSha256 ?? '',
      }),
    ).rejects.toMatchObject(refused('stale-attempt'))
    await expect(giveCopyGo(scene.worker, { run, manifestSha256: sha256Hex('other') })).rejects.toMatchObject(
      refused('other-manifest'),
    )
    await db.replication.updateMany({ data: { state: 'lost' } })
    await expect(go(run, backup)).rejects.toMatchObject(refused('believed-lost'))
    await send(run, [{ type: 'log', level: 'info', text: 'back' }], 2)
    await go(run, backup)
    await cancelReplication(person, run.id, now)
    await expect(go(run, backup)).rejects.toMatchObject(refused('cancelled'))
  })

  test('the newest backup is copied first, one at a time for a worker', async () => {
    const [older, newer] = [await good(), await good()]
    await planReplications(now)
    expect(await replications()).toMatchObject([{ backupId: newer.id }])
    const { run } = await claimed()
    await send(run, [begun(newer)])
    await go(run, newer)
    await send(run, [copied, done], 2)
    await planReplications(later(1))
    expect((await newest()).backupId).toBe(older.id)
  })

  test('of a remote that was added later only what it is to begin with, or all that is kept', async () => {
    const [older, newer] = [await good(), await good()]
    const wanted = async () => (await listWantedCopies(db, scene.plan.id, now)).map(({ backupId }) => backupId)
    expect(await wanted()).toEqual([newer.id, older.id])
    await db.planTarget.updateMany({ where: { remoteId: second.id }, data: { copiesFrom: newer.sequence } })
    expect(await wanted()).toEqual([newer.id])
  })

  test('what the retention of that remote would delete at once is not copied there', async () => {
    await db.planTarget.updateMany({ where: { remoteId: second.id }, data: { keepDays: 0, keepLast: 1 } })
    await good({ finishedAt: later(-3000) })
    const newer = await good()
    expect(await listWantedCopies(db, scene.plan.id, now)).toMatchObject([{ backupId: newer.id }])
  })

  test('failures are followed by pauses, and after a bounded number it is given up and cleaned up', async () => {
    const backup = await good()
    let at = now
    for (let count = 1; count <= mostTries; count++) {
      await fail(at)
      await planReplications(later(0.5 + (at.getTime() - now.getTime()) / 60_000))
      expect(await replications(), 'not before the pause is over').toHaveLength(count)
      at = new Date(at.getTime() + 10 * 60_000 * 2 ** (count - 1))
    }
    await planReplications(new Date(at.getTime() + 86_400_000))
    expect(await replications()).toHaveLength(mostTries)
    expect(await listWantedCopies(db, scene.plan.id, at)).toMatchObject([{ isGivenUp: true }])
    await db.copy.updateMany({ where: { backupId: backup.id, remoteId: second.id }, data: { presence: 'leftover' } })
    await cleanUpCopies(at)
    const prune = await db.prune.findFirstOrThrow({ where: { remoteId: second.id } })
    const spec = await claimPrune(scene.worker, { id: prune.id, attempt: 1 }, at)
    expect(spec.items).toEqual([{ backupId: backup.id, folder: backup.folder, reason: 'leftover' }])
    const report = runOf('prune', prune.id)
    const gone: EventBody = { type: 'pruned', backupId: backup.id, problem: null }
    await recordPruneEvents(scene.worker, { run: report, events: numbered([gone, done]), progress: null }, at)
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'absent' })
    expect(await copyOn(backup, scene.remote.id)).toMatchObject({ presence: 'present' })
    await requestReplication(person, { backupId: backup.id, remoteId: second.id }, at)
    expect(await newest()).toMatchObject({ state: 'queued', requestedById: person.id })
  })

  test('promise: between two tries nothing is cleaned up, so that the next one goes on', async () => {
    const backup = await good()
    await planReplications(now)
    const { run } = await claimed()
    await send(run, [begun(backup), failed])
    await cleanUpCopies(later(5))
    expect(await db.prune.count()).toBe(0)
  })

  test('promise: what a person asked for and was interrupted waits for them a day, though the plan does not want it', async () => {
    await db.planTarget.updateMany({ where: { remoteId: second.id }, data: { copiesFrom: 2 ** 30 } })
    const backup = await good()
    await requestReplication(person, { backupId: backup.id, remoteId: second.id }, now)
    const { run } = await claimed()
    await send(run, [begun(backup), failed])
    await cleanUpCopies(later(23 * 60))
    expect(await db.prune.count()).toBe(0)
    await cleanUpCopies(later(25 * 60))
    expect(await db.prune.count()).toBe(1)
  })

  test('promise: what was cleaned up behind the back of a run that was lost is not shown as there, whatever it says', async () => {
    const backup = await good()
    await planReplications(now)
    const { run } = await claimed()
    await send(run, [begun(backup)])
    await go(run, backup)
    await listenAt(later(60))
    await markLostReplications(later(60))
    await db.planTarget.deleteMany({ where: { remoteId: second.id } })
    await db.worker.update({ where: { id: scene.worker.id }, data: { lastSeenAt: later(70) } })
    await cleanUpCopies(later(70))
    const prune = await db.prune.findFirstOrThrow()
    await claimPrune(scene.worker, { id: prune.id, attempt: 1 }, later(70))
    const gone: EventBody = { type: 'pruned', backupId: backup.id, problem: null }
    const report = { run: runOf('prune', prune.id), events: numbered([gone, done]), progress: null }
    await recordPruneEvents(scene.worker, report, later(71))
    await send(run, [{ type: 'log', level: 'info', text: 'back' }], 2, later(72))
    await expect(go(run, backup)).rejects.toMatchObject({ code: 'stale-attempt' })
    await send(run, [copied, done], 3, later(72))
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'absent' })
    expect(await newest()).toMatchObject({ state: 'failed' })
  })

  test('what turns out to be whole when it is to be cleaned up is a copy after all', async () => {
    const backup = await good()
    await planReplications(now)
    const { run } = await claimed()
    await send(run, [begun(backup)])
    await cancelReplication(person, run.id, now)
    await send(run, [{ type: 'finished', state: 'cancelled', problem: null }], 2)
    await cleanUpCopies(now)
    const prune = await db.prune.findFirstOrThrow()
    await claimPrune(scene.worker, { id: prune.id, attempt: 1 }, now)
    const found: EventBody = {
      ...{ type: 'pruned', backupId: backup.id, manifestSha256: backup.manifestSha256 ?? '' },
      problem: { code: 'has-manifest', text: 'It is a backup.' },
    }
    const events = numbered([found, { ...done, state: 'warning' }])
    await recordPruneEvents(scene.worker, { run: runOf('prune', prune.id), events, progress: null }, now)
    expect(await copyOn(backup, second.id)).toMatchObject({ presence: 'present' })
  })
})

describe('promise: copying delays nothing else', () => {
  test('none is planned while a backup of the instance waits or runs', async () => {
    await good()
    await createBackup(db, facts(), { state: 'running' })
    await planReplications(now)
    expect(await replications()).toEqual([])
  })

  test('one that waits is not handed out while a backup waits, and one that runs steps back', async () => {
    const backup = await good()
    await planReplications(now)
    const { id } = await newest()
    const waiting = await createBackup(db, facts(), { state: 'queued' })
    await expect(claimReplication(scene.worker, { id, attempt: 1 }, now)).rejects.toMatchObject({ code: 'locked' })
    await enqueueWaitingReplications()
    await db.backup.delete({ where: { id: waiting.id } })
    const { run } = await claimed()
    expect(await touchReplication(db, scene.worker, run, now)).toBe(false)
    await createBackup(db, facts(), { state: 'queued' })
    expect(await touchReplication(db, scene.worker, run, now)).toBe(true)
    expect((await send(run, [begun(backup)])).cancel).toBe(true)
    await send(run, [{ type: 'finished', state: 'cancelled', problem: null }], 2)
    expect(await listWantedCopies(db, scene.plan.id, now)).toMatchObject([{ failed: 0, isGivenUp: false, dueAt: null }])
  })

  test('a run that is silent is lost, and heard of again goes on, unless another has taken its place', async () => {
    const backup = await good()
    await planReplications(now)
    const { run } = await claimed()
    await listenAt(later(60))
    await markLostReplications(later(60))
    expect(await newest()).toMatchObject({ state: 'lost' })
    await send(run, [begun(backup)], 1, later(61))
    expect(await newest()).toMatchObject({ state: 'running' })
    await listenAt(later(120))
    await markLostReplications(later(120))
    await planReplications(later(140))
    expect(await replications()).toHaveLength(2)
    await expect(send(run, [copied], 2)).rejects.toMatchObject({ code: 'stale-attempt' })
  })
})

describe('promise: nothing is deleted before it is copied', () => {
  const nights = async (count: number) => {
    const made = []
    for (let night = count; night > 0; night--)
      made.push(await good({ finishedAt: new Date(now.getTime() - night * 86_400_000) }))
    return made
  }

  test('retention waits for the copy, and no longer once copying was given up', async () => {
    await db.planTarget.updateMany({ where: { remoteId: scene.remote.id }, data: { keepDays: 0, keepLast: 1 } })
    await nights(3)
    await planRetention(now)
    expect(await db.prune.count()).toBe(0)
    await db.replication.createMany({
      data: (await db.backup.findMany()).map(({ id }) => ({
        ...{ instanceId: scene.instance.id, workerId: scene.worker.id, backupId: id, state: 'cancelled' as const },
        ...{ fromRemoteId: scene.remote.id, toRemoteId: second.id, cancelRequestedAt: now, finishedAt: now },
      })),
    })
    await planRetention(now)
    expect(await db.pruneItem.count()).toBe(2)
  })

  test('a deletion that is asked for leaves out what is being copied, and nobody deletes it by hand', async () => {
    await db.planTarget.updateMany({ where: { remoteId: second.id }, data: { copiesFrom: 2 ** 30 } })
    await db.planTarget.updateMany({ where: { remoteId: scene.remote.id }, data: { keepDays: 0, keepLast: 1 } })
    const [oldest] = await nights(3)
    if (!oldest) throw new Error('no backup')
    await planRetention(now)
    const prune = await db.prune.findFirstOrThrow()
    await db.prune.update({ where: { id: prune.id }, data: { state: 'succeeded' } })
    await requestReplication(person, { backupId: oldest.id, remoteId: second.id }, now)
    await db.prune.update({ where: { id: prune.id }, data: { state: 'queued' } })
    const spec = await claimPrune(scene.worker, { id: prune.id, attempt: 1 }, now)
    expect(spec.items.map(({ backupId }) => backupId)).not.toContain(oldest.id)
    await db.prune.deleteMany()
    const typed = { backupId: oldest.id, typedName: oldest.folder ?? '', lastGood: true }
    await expect(deleteBackup(person, typed, now)).rejects.toMatchObject({ code: 'being-copied' })
  })

  test('a copy is not handed out while its backup is being deleted', async () => {
    const backup = await good()
    await planReplications(now)
    const prune = await db.prune.create({
      data: {
        ...{ instanceId: scene.instance.id, workerId: scene.worker.id, remoteId: scene.remote.id, state: 'running' },
        items: { create: [{ backupId: backup.id, reason: 'requested' }] },
      },
    })
    await expect(claimed()).rejects.toMatchObject({ code: 'locked' })
    await db.pruneItem.updateMany({ where: { pruneId: prune.id }, data: { done: true } })
    await claimed()
  })
})

test('what a person asks for: only to a remote of the plan, only what is whole elsewhere, and once at a time', async () => {
  const backup = await good()
  const ask = (backupId: string, remoteId: string) => requestReplication(person, { backupId, remoteId }, now)
  await expect(ask(backup.id, (await createRemote(db)).id)).rejects.toMatchObject({ code: 'no-target' })
  await expect(ask(backup.id, scene.remote.id)).rejects.toMatchObject({ code: 'not-copyable' })
  await ask(backup.id, second.id)
  await expect(ask(backup.id, second.id)).rejects.toMatchObject({ code: 'copy-under-way' })
  await db.worker.updateMany({ where: { instanceId: scene.instance.id }, data: { protocol: '1.0' } })
  const another = await good()
  await expect(ask(another.id, second.id)).rejects.toMatchObject({
    code: 'no-worker',
    action: expect.stringMatching(/^Upgrade/),
  })
  const foreign = await good({ origin: 'foreign' })
  await expect(ask(foreign.id, second.id)).rejects.toMatchObject({ code: 'not-copyable' })
  await cancelReplication(person, (await newest()).id, now)
  expect(await newest()).toMatchObject({ state: 'cancelled' })
  await expect(cancelReplication(person, (await newest()).id, now)).rejects.toMatchObject({ code: 'not-running' })
})

test('each remote of a spec that has a connection gets a lease of its own', async () => {
  const connection = await db.connection.create({
    data: { slug: 'box', name: 'Box', provider: 'box', method: 'web', settings: {}, state: 'connected' },
  })
  const box = { backend: 'box', connectionId: connection.id, baseFolder: 'WT' }
  await db.remote.updateMany({ where: { id: { in: [scene.remote.id, second.id] } }, data: box })
  await good()
  await planReplications(now)
  const { id } = await newest()
  const spec = (await claimRun(scene.worker, runOf('replication', id), protocolVersion)) as Record<
    string,
    { access: { id: string } }
  >
  const leases = await db.accessLease.findMany({ where: { runId: id, runName: 'replication' } })
  expect(leases.map((lease) => lease.id).sort()).toEqual([spec.from?.access.id, spec.to?.access.id].sort())
})
