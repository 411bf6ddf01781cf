import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { control as actor } from '@/core/audit/actor'
import { claimBackup } from '@/core/backups/claim-backup'
import { requestBackup } from '@/core/backups/request-backup'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { sha256Hex } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { openConsumer, openProducer, setProducer } from '@/lib/queue'
import { type RedisServer, startRedis } from '@/scripts/servers/redis'
import { openTestDatabase } from '@/scripts/test-database'
import { createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { startControl } from './start-control'

/** A server of its own: these tests empty and stop it. */
let redis: RedisServer
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-control-'))
let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>
const controls: { stop: () => Promise<void> }[] = []
const password = 'redis password'

beforeAll(async () => {
  redis = await startRedis(join(folder, 'redis'))
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  setProducer(openProducer(redis.url))
})
afterAll(async () => {
  for (const control of controls) await control.stop()
  await close()
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  for (const control of controls.splice(0)) await control.stop()
  scene = await createScene(db)
  const { id } = scene.worker
  await db.worker.update({ where: { id }, data: { redisPasswordSha256: sha256Hex(password) } })
})

async function start() {
  const options = { redisUrl: redis.url, redisAdminUrl: redis.adminUrl, tickSeconds: 1, lookSeconds: 1 }
  const control = await startControl(options)
  controls.push(control)
  return control
}

/** Claims each job it is handed, as a worker does. */
function startWorker() {
  const taken: string[] = []
  const opened = openConsumer({
    ...{ url: redis.workerUrl, username: `worker-${scene.worker.redisPrefix}`, password },
    ...{ prefix: `tk:${scene.worker.redisPrefix}`, queue: 'work', concurrency: 1 },
    handle: async (_, data) => {
      const run = data as { id: string; attempt: number }
      await claimBackup(scene.worker, run)
      taken.push(run.id)
    },
    onError: () => {},
  })
  return { taken, close: opened.close }
}

const within = { timeout: 30_000, interval: 100 }

test('a confirmed worker gets its Redis user and its jobs; a revoked one is thrown out', async () => {
  await start()
  const worker = startWorker()
  const { backupId } = await requestBackup(actor, scene.plan.id)
  await vi.waitFor(() => expect(worker.taken).toEqual([backupId]), within)
  await revokeWorker(actor, scene.worker.id)
  const admin = new Redis(redis.adminUrl)
  const name = `worker-${scene.worker.redisPrefix}`
  await vi.waitFor(async () => expect(await admin.call('ACL', 'USERS')).not.toContain(name), within)
  admin.disconnect()
  await worker.close()
})

test('two controls that tick at once plan each due run once', async () => {
  await Promise.all([start(), start()])
  const dayAgo = new Date(Date.now() - 86_400_000)
  await db.plan.update({ where: { id: scene.plan.id }, data: { scheduledFrom: dayAgo, cron: '*/15 * * * *' } })
  await vi.waitFor(async () => expect(await db.backup.count({ where: { planId: scene.plan.id } })).toBe(1), within)
  const jobsWaiting = await jobsAfterTicks(3)
  expect(jobsWaiting).toBe(1)
  expect(await db.backup.count({ where: { planId: scene.plan.id, state: 'queued' } })).toBe(1)
})

test('what is wrong opens an incident by the tick alone, and what is mended closes it', async () => {
  const { instance, plan, worker, remote } = scene
  const dayAgo = new Date(Date.now() - 2 * 86_400_000)
  await db.plan.update({ where: { id: plan.id }, data: { scheduledFrom: dayAgo } })
  await start()
  const where = { subject: `plan:${plan.id}`, kind: 'backup-overdue' }
  await vi.waitFor(async () => expect(await db.incident.count({ where: { ...where, closedAt: null } })).toBe(1), within)
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  await createGoodBackup(db, { ...facts, remoteId: remote.id })
  await vi.waitFor(
    async () => expect(await db.incident.findFirst({ where })).toMatchObject({ ending: 'recovered' }),
    within,
  )
})

/** How many jobs wait after control has surely ticked so many times more. */
async function jobsAfterTicks(count: number) {
  const admin = new Redis(redis.adminUrl)
  const read = async () => Number(await admin.hget('tk:control:tick:repeat:tick', 'ic')) || 0
  const first = await read()
  await vi.waitFor(async () => expect(await read()).toBeGreaterThanOrEqual(first + count), within)
  const waiting = await admin.llen(`tk:${scene.worker.redisPrefix}:work:wait`)
  admin.disconnect()
  return waiting
}

test('Redis emptied mid-queue, users and all: everything is put back, and the backup is made', async () => {
  const { backupId } = await requestBackup(actor, scene.plan.id)
  const admin = new Redis(redis.adminUrl)
  await start()
  const name = `worker-${scene.worker.redisPrefix}`
  await vi.waitFor(async () => expect(await admin.call('ACL', 'USERS')).toContain(name), within)
  await admin.flushall()
  await admin.call('ACL', 'DELUSER', name)
  admin.disconnect()
  const worker = startWorker()
  await vi.waitFor(() => expect(worker.taken).toEqual([backupId]), within)
  await worker.close()
})

test('Redis away: what is due is planned and what is silent is lost all the same; back again, the queue goes on', async () => {
  const passwords = { appPassword: new URL(redis.url).password, adminPassword: new URL(redis.adminUrl).password }
  await start()
  await redis.stop()
  const dayAgo = new Date(Date.now() - 86_400_000)
  await db.plan.update({ where: { id: scene.plan.id }, data: { scheduledFrom: dayAgo, cron: '*/15 * * * *' } })
  const planned = () => db.backup.findFirstOrThrow({ where: { planId: scene.plan.id } })
  await vi.waitFor(async () => expect((await planned()).state).toBe('queued'), within)
  redis = await startRedis(join(folder, 'redis'), { port: redis.port, ...passwords })
  const worker = startWorker()
  const { id } = await planned()
  await vi.waitFor(() => expect(worker.taken).toEqual([id]), within)
  await worker.close()
})

test('control ends at once when told, Redis there or not', async () => {
  const control = await start()
  await control.stop()
  const second = await start()
  await redis.stop()
  await second.stop()
  controls.length = 0
})
