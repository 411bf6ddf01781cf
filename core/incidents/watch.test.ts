import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { changesContentSchema } from '@/core/deliveries/content'
import type { Db, Prisma } from '@/lib/db'
import { protocolVersion } from '@/protocol/version'
import { openTestDatabase } from '@/scripts/test-database'
import { createGoodBackup, createPlan } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { watch } from './watch'

/** Promise: an incident and what is told of it are written together or not at all; a storm, or three days away, is one message. */

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
const minute = 60_000
const day = 24 * 60 * minute
const start = new Date('2026-11-20T12:00:00Z')
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())
beforeEach(async () => {
  await db.processLife.deleteMany()
  await db.channel.deleteMany()
  await db.incident.deleteMany()
  await db.copy.deleteMany()
  await db.backup.deleteMany()
  await db.plan.deleteMany()
  await db.worker.updateMany({ data: { state: 'revoked' } })
  scene = await createScene(db)
  await db.plan.update({ where: { id: scene.plan.id }, data: { scheduledFrom: after(-day) } })
  await db.worker.update({ where: { id: scene.worker.id }, data: { protocol: protocolVersion } })
})

function createChannel(overrides: Partial<Prisma.ChannelUncheckedCreateInput> = {}) {
  const name = `Channel ${Math.random()}`
  const rules = { environments: [], instanceIds: [], kinds: [] }
  return db.channel.create({ data: { name, kind: 'webhook', settings: {}, ...rules, ...overrides } })
}

async function messages(channelId: string) {
  const rows = await db.delivery.findMany({ where: { channelId }, orderBy: { createdAt: 'asc' } })
  return rows.map((row) => ({ ...row, entries: changesContentSchema.parse(row.content).entries }))
}

/** As the sender does once it got through. */
const sent = () => db.delivery.updateMany({ data: { state: 'sent', attempts: 1 } })

it('tells of an overdue plan once, and of its recovery', async () => {
  const channel = await createChannel()
  await watch(start)
  await watch(after(minute))
  const [first, ...others] = await messages(channel.id)
  expect(others).toEqual([])
  expect(first?.entries).toMatchObject([{ change: 'opened', kind: 'backup-overdue', severity: 'critical' }])
  expect(first?.entries[0]?.instances).toMatchObject([{ id: scene.instance.id }])
  await sent()
  const { instance, plan, worker, remote } = scene
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  await createGoodBackup(db, facts, { startedAt: after(minute), finishedAt: after(minute) })
  await watch(after(2 * minute))
  const [, second] = await messages(channel.id)
  expect(second?.entries).toMatchObject([{ change: 'closed', ending: 'recovered' }])
  expect(await db.incident.count({ where: { openKey: null, ending: 'recovered' } })).toBe(1)
})

it('writes neither incident nor message when the transaction cannot end', async () => {
  await createChannel()
  await db.$executeRawUnsafe(
    "CREATE TRIGGER refuse BEFORE INSERT ON Delivery BEGIN SELECT RAISE(ABORT, 'refused'); END",
  )
  await expect(watch(start)).rejects.toThrow()
  await db.$executeRawUnsafe('DROP TRIGGER refuse')
  expect(await db.incident.count()).toBe(0)
  await watch(start)
  expect(await db.delivery.count()).toBe(1)
})

it('joins a storm of twenty plans into one message', async () => {
  const channel = await createChannel()
  const { instance, source, remote } = scene
  for (let index = 0; index < 19; index++)
    await createPlan(
      db,
      { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id },
      { scheduledFrom: after(-day) },
    )
  await watch(start)
  const found = await messages(channel.id)
  expect(found).toHaveLength(1)
  expect(found[0]?.entries).toHaveLength(20)
})

it('two controls that look at once tell it once', async () => {
  const channel = await createChannel()
  await Promise.all([watch(start), watch(start), watch(start)])
  expect(await messages(channel.id)).toHaveLength(1)
  expect(await db.incident.count()).toBe(1)
})

it('control away for three days: one truthful message, and no more while nothing changes', async () => {
  const channel = await createChannel()
  await db.plan.update({ where: { id: scene.plan.id }, data: { scheduledFrom: after(minute) } })
  await watch(start)
  expect(await messages(channel.id)).toEqual([])
  for (let turn = 0; turn < 5; turn++) await watch(after(3 * day + turn * minute))
  const found = await messages(channel.id)
  expect(found).toHaveLength(1)
  expect(found[0]?.entries.map(({ kind, change }) => [kind, change])).toEqual([
    ['control-away', 'closed'],
    ['backup-overdue', 'opened'],
  ])
  expect(found[0]?.entries[0]?.title).toBe('Nobody watched for 3 days')
})

it('a clock that leaps a year ahead and back leaves no incident behind, and at most two messages', async () => {
  const channel = await createChannel()
  await db.plan.update({ where: { id: scene.plan.id }, data: { scheduledFrom: after(minute) } })
  await watch(start)
  await watch(after(365 * day))
  for (let turn = 1; turn < 60; turn++) await watch(after(turn * minute))
  expect(await db.incident.count({ where: { closedAt: null } })).toBe(0)
  expect((await messages(channel.id)).length).toBeLessThanOrEqual(2)
})

it('asks each channel’s rules, and lets only what is critical through quiet hours', async () => {
  const { instance } = scene
  await db.plan.update({ where: { id: scene.plan.id }, data: { heldReason: 'Half is gone.', heldAt: start } })
  const all = await createChannel({ severity: 'notice' })
  const quiet = await createChannel({ quietFrom: '10:00', quietUntil: '20:00', timeZone: 'UTC' })
  const critical = await createChannel({ severity: 'critical' })
  const production = await createChannel({ environments: ['production'] })
  const other = await createChannel({ instanceIds: ['3b241101-e2bb-4255-8caf-4136c566a962'] })
  const mine = await createChannel({ instanceIds: [instance.id], kinds: ['retention-held'] })
  const paused = await createChannel({ paused: true })
  await watch(start)
  const kinds = async ({ id }: { id: string }) =>
    (await messages(id)).map(({ entries }) =>
      entries
        .map(({ kind }) => kind)
        .sort()
        .join(' '),
    )
  expect(await kinds(all)).toEqual(['backup-overdue retention-held'])
  expect((await kinds(quiet)).sort()).toEqual(['backup-overdue', 'retention-held'])
  const late = (await messages(quiet.id)).find(({ isUrgent }) => !isUrgent)
  expect(late?.notBefore).toEqual(after(8 * 60 * minute))
  expect(await kinds(critical)).toEqual(['backup-overdue'])
  expect(await kinds(production)).toEqual([])
  expect(await kinds(other)).toEqual([])
  expect(await kinds(mine)).toEqual(['retention-held'])
  expect(await kinds(paused)).toEqual([])
})

it('gathers what follows a handful of messages within an hour', async () => {
  const channel = await createChannel()
  for (let turn = 0; turn < 20; turn++) {
    const { instance, source, remote } = scene
    const facts = { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id }
    await createPlan(db, facts, { scheduledFrom: after(-day) })
    await watch(after(turn * minute))
    await db.delivery.updateMany({
      where: { notBefore: { lte: after(turn * minute) } },
      data: { state: 'sent', attempts: 1 },
    })
  }
  const found = await messages(channel.id)
  // four at once, one for the quarter of an hour after them, one that still waits
  expect(found.length).toBe(6)
  expect(found.flatMap(({ entries }) => entries)).toHaveLength(21)
})
