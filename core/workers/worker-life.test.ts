import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { askWorker } from '@/core/asks/ask-worker'
import { claimAsk } from '@/core/asks/claim-ask'
import { recordAnswer } from '@/core/asks/record-answer'
import { cancelBackup } from '@/core/backups/cancel-backup'
import { claimBackup } from '@/core/backups/claim-backup'
import { requestBackup } from '@/core/backups/request-backup'
import { sha256Hex } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue, type TestQueue } from '@/scripts/test-queue'
import { createInstance, createWorker, workerKeyOf } from '@/scripts/test-rows'
import { createScene, runOf } from '@/scripts/test-scene'
import { protocolVersion } from '@/protocol/version'
import { fingerprintOf } from '@/protocol/worker-api'
import { authenticateWorker } from './authenticate-worker'
import { confirmWorker } from './confirm-worker'
import { describeSelf } from './describe-self'
import { enrollWorker } from './enroll-worker'
import { makeEnrolment } from './make-enrolment'
import { recordHeartbeat } from './record-heartbeat'
import { revokeWorker } from './revoke-worker'

let db: Db
let close: () => Promise<void>
let queue: TestQueue
let scene: Awaited<ReturnType<typeof createScene>>
const admin: Actor = { kind: 'user', id: 'u', name: 'Ada', role: 'admin' }

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  queue = openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
})

function request(token: string, key: string) {
  return {
    ...{ token, keySha256: sha256Hex(key), redisPasswordSha256: sha256Hex(`redis ${key}`) },
    ...{ hostName: 'fs1.example.org', version: '0.1.0', tools: { tar: '1.34' } },
  }
}

describe('enrolment', () => {
  test('a token makes one pending worker, which sees nothing until its fingerprint is confirmed', async () => {
    const { token } = await makeEnrolment(admin, { instanceId: scene.instance.id, workerSlug: 'fileserver' })
    const worker = await enrollWorker(request(token, 'key one'), protocolVersion)
    expect(await describeSelf(worker)).toMatchObject({ state: 'pending', redis: null, workerSlug: 'fileserver' })
    await expect(authenticateWorker('Bearer key')).rejects.toMatchObject({ code: 'unauthorised' })
    await expect(enrollWorker(request(token, 'key two'), protocolVersion)).rejects.toMatchObject({
      code: 'invalid-token',
    })
    const wrong = { workerId: worker.id, fingerprint: fingerprintOf(sha256Hex('another key')) }
    await expect(confirmWorker(admin, wrong)).rejects.toMatchObject({ code: 'fingerprint-changed' })
    await confirmWorker(admin, { workerId: worker.id, fingerprint: fingerprintOf(worker.keySha256) })
    const active = await db.worker.findUniqueOrThrow({ where: { id: worker.id }, include: { instance: true } })
    const self = await describeSelf(active)
    expect(self.redis).toMatchObject({ username: `worker-${active.redisPrefix}`, prefix: `tk:${active.redisPrefix}` })
    const audit = await db.auditEvent.findMany({ where: { instanceId: scene.instance.id }, orderBy: { id: 'asc' } })
    expect(audit.map(({ action }) => action)).toEqual(['worker.invite', 'worker.enrol', 'worker.confirm'])
  })

  test('two hosts that redeem the same token at once: one is enrolled', async () => {
    const { token } = await makeEnrolment(admin, { instanceId: scene.instance.id, workerSlug: 'race' })
    const both = await Promise.allSettled(
      ['a', 'b'].map((key) => enrollWorker(request(token, `race ${key}`), protocolVersion)),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('a token is of no use after 15 minutes, nor is a made-up one, and only its hash is kept', async () => {
    const { token, enrolmentId } = await makeEnrolment(admin, { instanceId: scene.instance.id, workerSlug: 'late' })
    const late = new Date(Date.now() + 15 * 60_000 + 1)
    await expect(enrollWorker(request(token, 'late key'), protocolVersion, late)).rejects.toMatchObject({
      code: 'invalid-token',
    })
    await expect(enrollWorker(request('made-up-token-made-up', 'k'), protocolVersion)).rejects.toMatchObject({
      code: 'invalid-token',
    })
    expect(JSON.stringify(await db.enrolment.findUnique({ where: { id: enrolmentId } }))).not.toContain(token)
  })

  test('a slug in use is refused; that of a revoked worker passes to the new one, with its sources', async () => {
    const { id: instanceId } = scene.instance
    const workerSlug = scene.worker.slug
    await expect(makeEnrolment(admin, { instanceId, workerSlug })).rejects.toMatchObject({ code: 'slug-taken' })
    await revokeWorker(admin, scene.worker.id)
    const { token } = await makeEnrolment(admin, { instanceId, workerSlug })
    const again = await enrollWorker(request(token, 'key again'), protocolVersion)
    expect(again).toMatchObject({ id: scene.worker.id, state: 'pending', revokedAt: null })
    expect(again.redisPrefix).not.toBe(scene.worker.redisPrefix)
  })

  test('two workers cannot share a key', async () => {
    const { id: instanceId } = scene.instance
    const first = await makeEnrolment(admin, { instanceId, workerSlug: 'one' })
    const second = await makeEnrolment(admin, { instanceId, workerSlug: 'two' })
    await enrollWorker(request(first.token, 'shared key'), protocolVersion)
    await expect(enrollWorker(request(second.token, 'shared key'), protocolVersion)).rejects.toMatchObject({
      code: 'key-in-use',
    })
  })
})

test('a revoked or unknown key, no key, or a strange header is refused', async () => {
  const header = `Bearer ${workerKeyOf(scene.worker.id).replaceAll(' ', '-')}`
  await db.worker.update({
    where: { id: scene.worker.id },
    data: { keySha256: sha256Hex(header.slice('Bearer '.length)) },
  })
  expect((await authenticateWorker(header)).id).toBe(scene.worker.id)
  for (const bad of [null, '', 'Bearer ', 'Basic abc', `${header}x`, `Bearer ${'x'.repeat(1_000_000)}`])
    await expect(authenticateWorker(bad)).rejects.toMatchObject({ code: 'unauthorised' })
  await revokeWorker(admin, scene.worker.id)
  await expect(authenticateWorker(header)).rejects.toMatchObject({ code: 'unauthorised' })
})

test('revoking cancels what waits and loses what runs, and frees the instance', async () => {
  const { backupId } = await requestBackup(admin, scene.plan.id)
  await claimBackup(scene.worker, { id: backupId, attempt: 1 })
  await revokeWorker(admin, scene.worker.id)
  expect(await db.backup.findUnique({ where: { id: backupId } })).toMatchObject({ state: 'lost' })
  expect(await db.lock.count({ where: { instanceId: scene.instance.id } })).toBe(0)
})

test('a heartbeat keeps facts and clock, and names the runs to stop: cancelled, foreign, unknown', async () => {
  const { backupId } = await requestBackup(admin, scene.plan.id)
  await claimBackup(scene.worker, { id: backupId, attempt: 1 })
  const mine = runOf('backup', backupId)
  const now = new Date('2027-01-01T00:00:00Z')
  const beat = (running = [mine], worker = scene.worker) =>
    recordHeartbeat(
      worker,
      {
        ...{ hostName: 'fs2', version: '0.2.0', tools: {}, spoolFreeBytes: 5_000_000_000_000 },
        spoolTotalBytes: 6_000_000_000_000,
        ...{ clock: '2027-01-01T00:06:00.000Z', running },
      },
      '1.1',
      now,
    )
  expect(await beat()).toEqual({ serverTime: now.toISOString(), cancel: [] })
  expect(await db.worker.findUnique({ where: { id: scene.worker.id } })).toMatchObject({
    ...{ hostName: 'fs2', clockSkewSeconds: 360, spoolFreeBytes: 5_000_000_000_000n },
    ...{ spoolTotalBytes: 6_000_000_000_000n, protocol: '1.1' },
  })
  const stranger = await createWorker(db, (await createInstance(db)).id)
  expect((await beat([mine], stranger)).cancel).toEqual([mine])
  const other = runOf('backup', backupId, 2)
  expect((await beat([other])).cancel).toEqual([other])
  await cancelBackup(admin, backupId)
  expect((await beat()).cancel).toEqual([mine])
})

describe('a question', () => {
  const source = () => ({
    ...{ kind: 'tree', id: scene.source.id, slug: 'homes', path: '/mnt/secret-place' },
    ...{ exclude: [], oneFileSystem: true, mustBeMount: false },
  })
  const ask = (timeoutSeconds?: number) =>
    askWorker(scene.worker.id, { question: 'check-source', source: source() as never }, timeoutSeconds)

  function waiting() {
    return vi.waitFor(() => db.ask.findFirstOrThrow({ where: { workerId: scene.worker.id, state: 'queued' } }))
  }

  test('reaches its worker sealed, once, and brings back its answer; then it is forgotten', async () => {
    const asked = ask()
    const row = await waiting()
    expect(row.spec).not.toContain('secret-place')
    const run = { id: row.id, attempt: 1 }
    const stranger = await createWorker(db, scene.instance.id)
    await expect(claimAsk(stranger, run)).rejects.toMatchObject({ code: 'not-claimable' })
    expect(await claimAsk(scene.worker, run)).toMatchObject({ question: 'check-source', askId: row.id })
    await expect(claimAsk(scene.worker, run)).rejects.toMatchObject({ code: 'not-claimable' })
    const answer = { run: runOf('ask', row.id), problem: null, answer: { facts: { entries: '3' } } }
    await expect(recordAnswer(stranger, answer)).rejects.toMatchObject({ code: 'stale-attempt' })
    await recordAnswer(scene.worker, answer)
    expect(await asked).toEqual({ facts: { entries: '3' } })
    expect((await db.ask.findUniqueOrThrow({ where: { id: row.id } })).spec).toBe('')
    await expect(recordAnswer(scene.worker, answer)).rejects.toMatchObject({ code: 'stale-attempt' })
  })

  test("throws what the worker found wrong, in the worker's words", async () => {
    const asked = expect(ask()).rejects.toMatchObject({ code: 'not-a-mount', message: 'No mount.' })
    const row = await waiting()
    await claimAsk(scene.worker, { id: row.id, attempt: 1 })
    const problem = { code: 'not-a-mount', text: 'No mount.' }
    await recordAnswer(scene.worker, { run: runOf('ask', row.id), problem, answer: null })
    await asked
  })

  test('that nobody answers, or that Redis does not take, is told', async () => {
    await expect(ask(0)).rejects.toMatchObject({ code: 'worker-silent' })
    queue.isAway = true
    await expect(ask()).rejects.toMatchObject({ code: 'queue-away' })
    queue.isAway = false
    expect(await db.ask.count({ where: { workerId: scene.worker.id, spec: { not: '' } } })).toBe(0)
    await db.worker.update({ where: { id: scene.worker.id }, data: { state: 'pending' } })
    await expect(ask()).rejects.toMatchObject({ code: 'worker-not-active' })
  })
})
