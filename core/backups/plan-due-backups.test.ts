import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase, setDatabase } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue, type TestQueue } from '@/scripts/test-queue'
import { createPlan } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { claimBackup } from './claim-backup'
import { enqueueWaitingBackups } from './enqueue-waiting-backups'
import { planDueBackups } from './plan-due-backups'
import { skipLateBackups } from './skip-late-backups'

let db: Db
let folder: string
let close: () => Promise<void>
let queue: TestQueue
let scene: Awaited<ReturnType<typeof createScene>>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  folder = opened.folder
  close = opened.close
  queue = openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  await db.plan.updateMany({ data: { paused: true } })
  scene = await createScene(db)
  await plan({ scheduledFrom: new Date('2027-03-01T00:00:00Z'), cron: '30 2 * * *', timeZone: 'Europe/Berlin' })
})

function plan(data: Parameters<typeof db.plan.update>[0]['data']) {
  return db.plan.update({ where: { id: scene.plan.id }, data })
}

async function planned() {
  const rows = await db.backup.findMany({ where: { planId: scene.plan.id }, orderBy: { sequence: 'asc' } })
  return rows.map((row) => `${row.plannedAt?.toISOString()} ${row.state}`)
}

function end() {
  return db.backup.updateMany({ where: { planId: scene.plan.id, state: 'queued' }, data: { state: 'succeeded' } })
}

test('nothing is due before its time, and what is due is inserted once and enqueued', async () => {
  await planDueBackups(new Date('2027-03-01T01:29:59Z'))
  expect(await planned()).toEqual([])
  for (let time = 0; time < 3; time++) await planDueBackups(new Date('2027-03-01T01:30:10Z'))
  expect(await planned()).toEqual(['2027-03-01T01:30:00.000Z queued'])
  const backup = await db.backup.findFirstOrThrow({ where: { planId: scene.plan.id }, include: { copies: true } })
  expect(backup).toMatchObject({ kind: 'scheduled', workerId: scene.worker.id })
  expect(backup.copies[0]).toMatchObject({ remoteId: scene.remote.id, presence: 'absent' })
  expect(queue.jobs).toContain(`tk:${scene.worker.redisPrefix} work backup-${backup.id}-1`)
})

test('after an outage there is one catch-up run, for the latest time', async () => {
  await planDueBackups(new Date('2027-03-09T12:00:00Z'))
  expect(await planned()).toEqual(['2027-03-09T01:30:00.000Z queued'])
})

test('a night on which the clock skips or doubles the hour has one backup each', async () => {
  // 2027-03-28: 02:30 does not exist in Berlin; 2027-10-31: it comes twice
  for (const [from, until] of [
    ['2027-03-27T00:00:00Z', '2027-03-29T23:59:00Z'],
    ['2027-10-30T00:00:00Z', '2027-11-01T23:59:00Z'],
  ] as const) {
    await db.backup.deleteMany({ where: { planId: scene.plan.id } })
    await plan({ scheduledFrom: new Date(from) })
    for (let at = Date.parse(from); at <= Date.parse(until); at += 60 * 60_000) {
      await planDueBackups(new Date(at))
      await end()
    }
    expect(await planned(), from).toHaveLength(3)
  }
})

test('a clock that jumps ahead and back neither doubles a run nor stops the plan', async () => {
  await planDueBackups(new Date('2029-01-01T12:00:00Z'))
  await end()
  await planDueBackups(new Date('2027-03-02T12:00:00Z'))
  await end()
  await planDueBackups(new Date('2027-03-02T11:00:00Z'))
  await planDueBackups(new Date('2027-03-03T12:00:00Z'))
  expect(await planned()).toEqual([
    '2029-01-01T01:30:00.000Z succeeded',
    '2027-03-02T01:30:00.000Z succeeded',
    '2027-03-03T01:30:00.000Z queued',
  ])
})

test('a run that is due while the one before goes on, or waits for its worker, is recorded as skipped with the reason', async () => {
  await planDueBackups(new Date('2027-03-01T02:00:00Z'))
  await planDueBackups(new Date('2027-03-02T02:00:00Z'))
  await db.backup.updateMany({ where: { planId: scene.plan.id, state: 'queued' }, data: { state: 'running' } })
  await planDueBackups(new Date('2027-03-03T02:00:00Z'))
  const rows = await db.backup.findMany({ where: { planId: scene.plan.id }, orderBy: { sequence: 'asc' } })
  expect(rows.map((row) => [row.state, (row.problem as { code?: string } | null)?.code])).toEqual([
    ['running', undefined],
    ['skipped', 'still-queued'],
    ['skipped', 'still-running'],
  ])
})

test('a lost backup does not block the next run', async () => {
  await planDueBackups(new Date('2027-03-01T02:00:00Z'))
  await db.backup.updateMany({ where: { planId: scene.plan.id }, data: { state: 'lost' } })
  await planDueBackups(new Date('2027-03-02T02:00:00Z'))
  expect((await planned())[1]).toBe('2027-03-02T01:30:00.000Z queued')
})

describe('a window in which a run may start', () => {
  const code = (row: { problem: unknown }) => (row.problem as { code?: string } | null)?.code
  beforeEach(() => plan({ startWindowMinutes: 60 }))
  const only = () => db.backup.findFirstOrThrow({ where: { planId: scene.plan.id } })

  test('that is over skips the run with the reason, and takes its job away', async () => {
    await planDueBackups(new Date('2027-03-01T01:30:00Z'))
    await skipLateBackups(new Date('2027-03-01T02:30:00Z'))
    const { id } = await only()
    expect((await only()).state).toBe('queued')
    await skipLateBackups(new Date('2027-03-01T02:31:00Z'))
    expect(await only()).toMatchObject({ state: 'skipped', problem: { code: 'window-missed' } })
    expect([...queue.jobs].join()).not.toContain(id)
  })

  test('that is over when the worker comes back refuses the claim: control may not have looked yet', async () => {
    await planDueBackups(new Date('2027-03-01T01:30:00Z'))
    const { id } = await only()
    const late = claimBackup(scene.worker, { id, attempt: 1 }, new Date('2027-03-01T02:31:00Z'))
    await expect(late).rejects.toMatchObject({ code: 'not-claimable' })
    expect((await only()).state).toBe('skipped')
  })

  test('that passed during an outage leaves a skipped run, not one at noon', async () => {
    await planDueBackups(new Date('2027-03-01T12:00:00Z'))
    const row = await only()
    expect([row.state, code(row)]).toEqual(['skipped', 'window-missed'])
  })

  test('does not touch what has begun, or what a person asked for', async () => {
    await planDueBackups(new Date('2027-03-01T01:30:00Z'))
    const { id } = await only()
    await claimBackup(scene.worker, { id, attempt: 1 }, new Date('2027-03-01T02:00:00Z'))
    await skipLateBackups(new Date('2027-03-01T09:00:00Z'))
    expect((await only()).state).toBe('running')
    await db.lock.deleteMany()
  })
})

test('a blackout holds a run that is due in it, or that waited until it began, and lets it go at its end', async () => {
  await plan({ blackouts: [{ days: [0, 1, 2, 3, 4, 5, 6], from: '02:00', until: '05:00' }] })
  await planDueBackups(new Date('2027-03-01T03:59:00Z'))
  expect(await planned()).toEqual([])
  await planDueBackups(new Date('2027-03-01T04:00:00Z'))
  expect(await planned()).toEqual(['2027-03-01T01:30:00.000Z queued'])
  const { id } = await db.backup.findFirstOrThrow({ where: { planId: scene.plan.id } })
  const tomorrow = new Date('2027-03-02T02:00:00Z')
  await expect(claimBackup(scene.worker, { id, attempt: 1 }, tomorrow)).rejects.toMatchObject({ code: 'blacked-out' })
  queue.jobs.clear()
  await enqueueWaitingBackups(tomorrow)
  expect([...queue.jobs].join()).not.toContain(id)
  await enqueueWaitingBackups(new Date('2027-03-02T04:00:00Z'))
  expect([...queue.jobs].join()).toContain(id)
})

test('a spread delays the run by the same amount at every tick, and it is inserted once', async () => {
  await plan({ spreadMinutes: 600 })
  const times = new Set<string>()
  for (let minute = 0; minute <= 600; minute += 5) {
    await planDueBackups(new Date(Date.parse('2027-03-01T01:30:00Z') + minute * 60_000))
    for (const row of await db.backup.findMany({ where: { planId: scene.plan.id } }))
      times.add(row.requestedAt.toISOString())
  }
  expect(times.size).toBe(1)
  expect(await planned()).toEqual(['2027-03-01T01:30:00.000Z queued'])
})

test('a paused plan stands still; resumed, it catches nothing up from before', async () => {
  await plan({ paused: true })
  await planDueBackups(new Date('2027-03-05T02:00:00Z'))
  await plan({ paused: false, scheduledFrom: new Date('2027-03-05T12:00:00Z') })
  await planDueBackups(new Date('2027-03-05T13:00:00Z'))
  expect(await planned()).toEqual([])
})

test('a plan whose worker was revoked has a failed run that says so, not one that waits for ever', async () => {
  await db.worker.update({ where: { id: scene.worker.id }, data: { state: 'revoked' } })
  await planDueBackups(new Date('2027-03-01T02:00:00Z'))
  const row = await db.backup.findFirstOrThrow({ where: { planId: scene.plan.id } })
  expect(row).toMatchObject({ state: 'failed', problem: { code: 'worker-not-active' } })
})

test('Redis away: the run is in the database all the same', async () => {
  queue.isAway = true
  await planDueBackups(new Date('2027-03-01T02:00:00Z'))
  queue.isAway = false
  expect(await planned()).toEqual(['2027-03-01T01:30:00.000Z queued'])
})

test('two controls, each with a connection of its own, that tick at once never double a run', async () => {
  const second = openDatabase(join(folder, 'talekeeper.db'), resolve('prisma/migrations'))
  for (let day = 1; day <= 5; day++) {
    const now = new Date(`2027-03-0${day}T02:00:00Z`)
    const first = planDueBackups(now)
    setDatabase(second)
    const other = planDueBackups(now)
    setDatabase(db)
    await Promise.all([first, other, planDueBackups(now), planDueBackups(now)])
    await end()
  }
  await second.$disconnect()
  expect(await planned()).toHaveLength(5)
})

test('an instance with many plans due never holds up another: each has its turn, and one at fault stops none', async () => {
  const other = await createScene(db)
  const due = { scheduledFrom: new Date('2027-03-01T00:00:00Z'), cron: '30 2 * * *', timeZone: 'Europe/Berlin' }
  await db.plan.update({ where: { id: other.plan.id }, data: due })
  const { instance, source, remote } = scene
  const facts = { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id }
  for (let count = 0; count < 60; count++) await createPlan(db, facts, due)
  await createPlan(db, facts, { ...due, cron: 'not a schedule' })
  const before = queue.jobs.size
  await planDueBackups(new Date('2027-03-01T02:00:00Z'))
  const added = [...queue.jobs].slice(before)
  expect(added).toHaveLength(62)
  expect(added.findIndex((job) => job.includes(other.worker.redisPrefix))).toBeLessThan(2)
})
