import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { getPlanPing } from '@/core/pings/get-plan-ping'
import { recordHeartbeat } from '@/core/workers/record-heartbeat'
import type { Db, Prisma } from '@/lib/db'
import { protocolVersion } from '@/protocol/version'
import { openTestDatabase } from '@/scripts/test-database'
import { createGoodBackup, createRemote } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { findOpenIncident } from './find-open-incident'
import { watch } from './watch'

/** Promise: each kind opens from the rows that prove it, and is over when they do not any more; what is paused or gone is not called recovered. */

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
const hour = 3_600_000
const day = 24 * hour
const start = new Date('2026-11-20T12:00:00Z')
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())
beforeEach(async () => {
  await db.processLife.deleteMany()
  await db.incident.deleteMany()
  await db.restore.deleteMany()
  await db.prune.deleteMany()
  await db.copy.deleteMany()
  await db.backup.deleteMany()
  await db.plan.deleteMany()
  await db.connection.deleteMany()
  await db.worker.updateMany({ data: { state: 'revoked' } })
  scene = await createScene(db)
  await db.plan.update({
    where: { id: scene.plan.id },
    data: { createdAt: after(-20 * day) },
  })
  await db.worker.update({ where: { id: scene.worker.id }, data: { protocol: protocolVersion } })
})

/** Web and control live, and have for long. */
const live = async (at: Date) => {
  const life = { upSince: after(-90 * day), lastSeenAt: at }
  for (const name of ['web', 'control'])
    await db.processLife.upsert({ where: { name }, create: { name, ...life }, update: life })
}

/** The open kinds after a look; that the plan is overdue by then has tests of its own. */
async function openAt(at: Date): Promise<string[]> {
  await live(at)
  await watch(at)
  const rows = await db.incident.findMany({
    where: { closedAt: null, kind: { not: 'backup-overdue' } },
    orderBy: { kind: 'asc' },
  })
  return rows.map(({ kind, severity }) => `${kind} ${severity}`)
}
const endingOf = async (kind: string) =>
  (await db.incident.findFirstOrThrow({ where: { kind }, orderBy: { closedAt: 'desc' } })).ending

const facts = () => {
  const { instance, plan, worker, remote } = scene
  return { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id, remoteId: remote.id }
}
const good = (at: Date, overrides: Partial<Prisma.BackupUncheckedCreateInput> = {}) =>
  createGoodBackup(db, facts(), { requestedAt: at, startedAt: at, finishedAt: at, ...overrides })
const heard = (at: Date) => db.worker.update({ where: { id: scene.worker.id }, data: { lastSeenAt: at } })

it('warnings far beyond the usual, until a backup is as ever', async () => {
  for (let index = 6; index > 0; index--) await good(after(-index * day), { state: 'warning', warningCount: 2 })
  await heard(start)
  expect(await openAt(start)).toEqual([])
  const odd = await good(start, { state: 'warning', warningCount: 70 })
  expect(await openAt(after(60_000))).toEqual(['warnings-unusual warning'])
  expect(await findOpenIncident(`/backups/${odd.id}`)).toMatchObject({
    title: expect.stringContaining('more warnings than usual'),
  })
  await good(after(60_000), { state: 'warning', warningCount: 3 })
  expect(await openAt(after(120_000))).toEqual([])
  expect(await endingOf('warnings-unusual')).toBe('recovered')
  expect(await findOpenIncident(`/backups/${odd.id}`)).toBeNull()
})

it('a second copy that lacks a backup, until it is copied', async () => {
  const second = await createRemote(db)
  const { plan } = scene
  await db.planTarget.create({
    data: { planId: plan.id, remoteId: second.id, position: 1, addedAt: after(-20 * day), copiesFrom: 0 },
  })
  const backup = await good(start)
  await heard(after(2 * hour))
  expect(await openAt(after(2 * hour))).toEqual([])
  await heard(after(26 * hour))
  expect(await openAt(after(26 * hour))).toEqual(['copy-late warning'])
  await db.copy.create({
    data: { backupId: backup.id, remoteId: second.id, presence: 'present', verifiedAt: after(26 * hour) },
  })
  expect(await openAt(after(26 * hour + 60_000))).toEqual([])
  expect(await endingOf('copy-late')).toBe('recovered')
})

describe('deletions', () => {
  const beat = (clock: Date, now: Date) =>
    recordHeartbeat(
      scene.worker,
      {
        ...{ hostName: 'fileserver', version: '0.1.0', tools: {}, spoolFreeBytes: 1e11, spoolTotalBytes: 1e12 },
        ...{ clock: clock.toISOString(), running: [] },
      },
      protocolVersion,
      now,
    )
  const later = after(4 * day)
  beforeEach(async () => {
    await good(after(-40 * day))
    await good(after(-30 * day))
    await good(start)
  })

  it('held because a clock disagrees: told after three days, until it agrees', async () => {
    await beat(after(hour), start)
    await beat(after(day + hour), after(day))
    expect(await db.worker.findUnique({ where: { id: scene.worker.id } })).toMatchObject({ clockSkewSince: start })
    expect(await openAt(after(day))).toEqual(['clock-skew warning'])
    await beat(new Date(later.getTime() + hour), later)
    expect(await openAt(later)).toEqual(['clock-skew warning', 'deletions-held warning'])
    const { text } = await db.incident.findFirstOrThrow({ where: { kind: 'deletions-held' } })
    expect(text).toMatch(/does not agree .* since 20 Nov 2026, 12:00 UTC\. 2 backups wait/)
    await beat(later, later)
    expect(await openAt(new Date(later.getTime() + 60_000))).toEqual([])
    expect(await endingOf('deletions-held')).toBe('recovered')
  })

  it('not held where nothing waits to be deleted', async () => {
    await db.planTarget.updateMany({ where: { planId: scene.plan.id }, data: { keepDays: 365 } })
    await beat(after(hour), start)
    await beat(new Date(later.getTime() + hour), later)
    expect(await openAt(later)).toEqual(['clock-skew warning'])
  })

  it('held because their worker was revoked, until the plan is gone', async () => {
    await db.worker.update({ where: { id: scene.worker.id }, data: { state: 'revoked', revokedAt: start } })
    expect(await openAt(after(day))).toEqual([])
    expect(await openAt(later)).toEqual(['deletions-held warning'])
    await db.plan.delete({ where: { id: scene.plan.id } })
    expect(await openAt(new Date(later.getTime() + 60_000))).toEqual([])
    expect(await endingOf('deletions-held')).toBe('gone')
  })

  it('held because a deletion ended without a word, until the clean-up found out', async () => {
    const doubted = await db.backup.findFirstOrThrow({ where: { planId: scene.plan.id } })
    const place = { instanceId: scene.instance.id, workerId: scene.worker.id, remoteId: scene.remote.id }
    await db.prune.create({
      data: {
        ...{ ...place, state: 'lost', requestedAt: start, finishedAt: start },
        items: { create: [{ backupId: doubted.id, reason: 'retention' }] },
      },
    })
    await db.copy.updateMany({ where: { backupId: doubted.id }, data: { presence: 'leftover' } })
    await heard(after(day))
    expect(await openAt(after(day))).toEqual([])
    await heard(later)
    expect(await openAt(later)).toEqual(['deletions-held warning'])
    await db.copy.updateMany({ where: { backupId: doubted.id }, data: { presence: 'pruned' } })
    expect(await openAt(new Date(later.getTime() + 60_000))).toEqual([])
    expect(await endingOf('deletions-held')).toBe('recovered')
  })
})

describe('restores', () => {
  const restored = async (changes: Partial<Prisma.RestoreTaskUncheckedCreateWithoutRestoreInput> = {}) => {
    const backup = await good(after(-day))
    return db.restore.create({
      data: {
        ...{ instanceId: scene.instance.id, remoteId: scene.remote.id, backupId: backup.id, state: 'succeeded' },
        ...{ requestedAt: after(-hour), startedAt: after(-hour), finishedAt: start },
        tasks: {
          create: [{ workerId: scene.worker.id, target: {}, state: 'succeeded', startedAt: start, ...changes }],
        },
      },
    })
  }
  const exchange = (state: string) => ({
    ...{ state, paths: 1, collections: 0, besideBytes: 2048, at: start.toISOString() },
  })

  it('a drill that a plan asks for, until a backup was restored; and calm where none asks', async () => {
    await good(start)
    await heard(start)
    expect(await openAt(start)).toEqual([])
    await db.plan.update({ where: { id: scene.plan.id }, data: { drillEveryDays: 14 } })
    expect(await openAt(after(60_000))).toEqual(['drill-old warning'])
    await restored({ discardState: 'succeeded' })
    expect(await openAt(after(120_000))).toEqual([])
    expect(await endingOf('drill-old')).toBe('recovered')
  })

  it('one that was undone is told at once, then that its copy still lies there, until that is dropped', async () => {
    const { id } = await restored({ exchange: exchange('swapped') })
    await heard(after(60_000))
    expect(await openAt(after(60_000))).toEqual([])
    await db.restoreTask.updateMany({ where: { restoreId: id }, data: { exchange: exchange('undone') } })
    expect(await openAt(after(120_000))).toEqual(['restore-undone notice'])
    await heard(after(8 * day))
    expect(await openAt(after(8 * day))).toEqual(['restored-left notice'])
    expect(await endingOf('restore-undone')).toBe('over')
    // a restore of long ago is not forgotten while it keeps something
    await heard(after(70 * day))
    expect(await openAt(after(70 * day))).toEqual(['restored-left warning'])
    // whoever set a day for it is not reminded before, nor while it is dropped
    const openAfter = async (days: number, data: Prisma.RestoreTaskUpdateManyMutationInput) => {
      await db.restoreTask.updateMany({ where: { restoreId: id }, data })
      await heard(after(days * day))
      return openAt(after(days * day))
    }
    expect(await openAfter(71, { dropAt: after(72 * day) })).toEqual([])
    expect(await openAfter(72, { dropAt: null, discardState: 'queued' })).toEqual([])
    expect(await openAfter(73, { discardState: 'failed' })).toEqual(['restored-left warning'])
    expect(await openAfter(74, { exchange: exchange('dropped') })).toEqual([])
  })
})

it('a worker refused for its version, until a heartbeat of it is taken', async () => {
  await heard(start)
  const refused = { refusedAt: after(10 * 60_000), refusedProtocol: '9.9' }
  await db.worker.update({ where: { id: scene.worker.id }, data: refused })
  expect(await openAt(after(10 * 60_000))).toEqual(['worker-refused critical'])
  await recordHeartbeat(
    scene.worker,
    {
      ...{ hostName: 'fileserver', version: '0.1.0', tools: {}, spoolFreeBytes: 1e11, spoolTotalBytes: 1e12 },
      ...{ clock: after(11 * 60_000).toISOString(), running: [] },
    },
    protocolVersion,
    after(11 * 60_000),
  )
  expect(await openAt(after(11 * 60_000))).toEqual([])
  expect(await endingOf('worker-refused')).toBe('recovered')
})

it('a ping that is not taken for half an hour, until it is', async () => {
  const { plan } = scene
  const ping = { id: `ping-${plan.id}`, planId: plan.id, url: '', place: 'hc-ping.com' }
  await db.ping.create({ data: { ...ping, failingSince: start, failures: 4, answer: '503 away' } })
  await heard(after(hour))
  expect(await openAt(after(hour))).toEqual(['ping-failing warning'])
  expect(await getPlanPing(plan.id)).toMatchObject({ place: 'hc-ping.com', failingSince: start })
  await db.ping.update({ where: { id: ping.id }, data: { failingSince: null, failures: 0 } })
  expect(await openAt(after(hour + 60_000))).toEqual([])
  expect(await endingOf('ping-failing')).toBe('recovered')
})

it('an account that will be full, until there is room', async () => {
  const account = { id: '1', name: 'WT', login: '', quotaBytes: 1000, usedBytes: 500, largestFileBytes: null }
  const connection = await db.connection.create({
    data: {
      ...{ slug: 'box', name: 'Box', provider: 'box', method: 'web', state: 'connected', settings: {} },
      account: { ...account, driveId: null, driveType: null },
      roomSamples: {
        create: Array.from({ length: 14 }, (_, index) => ({
          ...{ day: `2026-11-${String(7 + index).padStart(2, '0')}`, at: after((index - 13) * day) },
          ...{ usedBytes: 240 + index * 20, quotaBytes: 1000 },
        })),
      },
    },
  })
  await db.remote.update({ where: { id: scene.remote.id }, data: { backend: 'box', connectionId: connection.id } })
  await heard(start)
  expect(await openAt(start)).toEqual(['room-forecast warning'])
  const { title, text } = await db.incident.findFirstOrThrow({ where: { kind: 'room-forecast' } })
  expect(title).toBe('The connection “Box” is full in about 25 days')
  expect(text).toBe('In the last weeks its account grew by 20 B a day.')
  await db.roomSample.updateMany({ data: { quotaBytes: 5000 } })
  expect(await openAt(after(60_000))).toEqual([])
  expect(await endingOf('room-forecast')).toBe('recovered')
})
