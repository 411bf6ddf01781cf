import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { requestBackup } from '@/core/backups/request-backup'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { sha256Hex } from '@/lib/crypto'
import type { Db } from '@/lib/db'
import { selfSchema } from '@/protocol/worker-api'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createWorker } from '@/scripts/test-rows'
import { createScene, manifestOf, numbered, runOf } from '@/scripts/test-scene'
import { POST as answers } from './answers/route'
import { assertEncrypted } from './assert-encrypted'
import { POST as claims } from './claims/route'
import { POST as copyGo } from './copy-go/route'
import { POST as enroll } from './enroll/route'
import { POST as events } from './events/route'
import { POST as go } from './go/route'
import { POST as heartbeat } from './heartbeat/route'
import { GET as self } from './self/route'

let db: Db
let close: () => Promise<void>
let scene: Awaited<ReturnType<typeof createScene>>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
  scene = await createScene(db)
  await db.worker.update({ where: { id: scene.worker.id }, data: { keySha256: sha256Hex('key-of-a') } })
})
afterAll(() => close())

type Route = (request: Request) => Promise<Response>

async function call(route: Route, body: unknown, headers: Record<string, string> = {}) {
  const request = new Request('http://localhost:3000/api/worker/x', {
    method: 'POST',
    headers: { host: 'localhost:3000', 'talekeeper-protocol': '1', authorization: 'Bearer key-of-a', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const response = await route(request)
  const answer = (await response.json()) as { problem?: { code: string; where?: string; action?: string } } & Record<
    string,
    unknown
  >
  return { status: response.status, code: answer.problem?.code, answer }
}

const posts: Record<string, Route> = { heartbeat, claims, events, go, copyGo, answers }

describe('every route of the workers', () => {
  test.each(Object.entries(posts))('%s refuses no key, a wrong key, a revoked and a pending one', async (_, route) => {
    for (const authorization of ['', 'Bearer wrong'])
      expect(await call(route, {}, { authorization })).toMatchObject({ status: 401, code: 'unauthorised' })
    const revoked = await createWorker(db, scene.instance.id, {
      keySha256: sha256Hex(`revoked-${route.name}-${Math.random()}`),
    })
    await db.worker.update({ where: { id: revoked.id }, data: { state: 'pending', keySha256: sha256Hex('pending') } })
    expect(await call(route, {}, { authorization: 'Bearer pending' })).toMatchObject({
      status: 403,
      code: 'worker-pending',
    })
    await revokeWorker(control, revoked.id)
    expect(await call(route, {}, { authorization: 'Bearer pending' })).toMatchObject({ status: 401 })
    await db.worker.update({ where: { id: revoked.id }, data: { keySha256: sha256Hex(String(Math.random())) } })
  })

  test.each(Object.entries({ ...posts, enroll }))(
    '%s refuses a worker that is too new or too old',
    async (_, route) => {
      for (const [version, action] of [
        ['2', /upgrade the dashboard/],
        ['0.9', /on the host of the worker/],
      ] as const) {
        const refused = await call(route, {}, { 'talekeeper-protocol': version })
        expect(refused).toMatchObject({ status: 426, code: 'protocol-mismatch' })
        expect(refused.answer.problem?.action).toMatch(action)
      }
    },
  )

  test('one of ours that is refused is known as such, until a heartbeat of it is taken; a stranger leaves no trace', async () => {
    const { id } = scene.worker
    await call(heartbeat, {}, { 'talekeeper-protocol': '2', authorization: 'Bearer a stranger' })
    expect(await db.worker.count({ where: { refusedProtocol: '2', NOT: { id } } })).toBe(0)
    await call(heartbeat, {}, { 'talekeeper-protocol': '2' })
    expect(await db.worker.findUnique({ where: { id } })).toMatchObject({
      ...{ refusedProtocol: '2', refusedAt: expect.any(Date) },
    })
    const beat = { hostName: 'new', version: '0.1.0', tools: {}, spoolFreeBytes: 7, running: [] }
    await call(heartbeat, { ...beat, clock: new Date().toISOString() })
    expect(await db.worker.findUnique({ where: { id } })).toMatchObject({ refusedProtocol: null, refusedAt: null })
  })

  test('a worker of the previous minor version keeps working, and is known as such', async () => {
    const beat = { hostName: 'old', version: '0.0.9', tools: {}, spoolFreeBytes: 7, running: [] }
    const answer = await call(heartbeat, { ...beat, clock: new Date().toISOString() }, { 'talekeeper-protocol': '1' })
    expect(answer).toMatchObject({ status: 200, answer: { cancel: [] } })
    expect(await db.worker.findUnique({ where: { id: scene.worker.id } })).toMatchObject({
      ...{ hostName: 'old', protocol: '1.0', spoolFreeBytes: 7n, spoolTotalBytes: 0n },
    })
  })

  test.each(Object.entries({ ...posts, enroll }))(
    '%s refuses what is no JSON, or not of its schema',
    async (_, route) => {
      for (const body of ['{', '[]', '{"run":{"name":"x"}}', 'null'])
        expect(await call(route, body)).toMatchObject({ status: 400, code: 'invalid-request' })
    },
  )

  test('refuses a body that is too long, whatever its header says', async () => {
    const name = 'x'.repeat(1_100_000)
    expect(await call(heartbeat, { hostName: name })).toMatchObject({ status: 413, code: 'too-large' })
    expect(await call(enroll, { hostName: name })).toMatchObject({ status: 413 })
    expect(await call(claims, { hostName: name }, { 'content-length': '5' })).toMatchObject({ status: 413 })
  })

  test('refuses a name of a megabyte without repeating it', async () => {
    const beat = { hostName: 'x'.repeat(900_000), version: '1', tools: {}, spoolFreeBytes: 0, clock: '', running: [] }
    const { status, answer } = await call(heartbeat, beat)
    expect(status).toBe(400)
    expect(JSON.stringify(answer).length).toBeLessThan(1000)
    expect(answer.problem?.where).toContain('hostName')
  })

  test('plain HTTP is for this host alone', () => {
    expect(() => assertEncrypted('https://backups.example.org', 'backups.example.org')).not.toThrow()
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect(() => assertEncrypted('http://localhost:3000', host)).not.toThrow()
    for (const [url, host] of [
      ['http://backups.example.org', 'backups.example.org'],
      ['http://backups.example.org', 'localhost'],
      ['http://localhost:3000', 'backups.example.org:3000'],
      ['http://localhost:3000', null],
      ['http://localhost:3000', '127.0.0.1.example.org'],
    ] as const)
      expect(() => assertEncrypted(url, host), `${url} ${host}`).toThrow(/HTTPS/)
  })
})

test('a worker enrols, polls itself, claims, reports, gets its go, and another sees none of it', async () => {
  const { token } = await makeEnrolment(control, { instanceId: scene.instance.id, workerSlug: 'other' })
  const enrolment = {
    ...{ token, keySha256: sha256Hex('key-of-b'), redisPasswordSha256: sha256Hex('b') },
    ...{ hostName: 'b', version: '0.1.0', tools: {} },
  }
  const enrolled = await call(enroll, enrolment, { authorization: '' })
  expect(selfSchema.parse(enrolled.answer)).toMatchObject({ state: 'pending', redis: null })
  const b = { authorization: 'Bearer key-of-b' }
  const headers = { host: 'localhost:3000', 'talekeeper-protocol': '1', ...b }
  const me = await self(new Request('http://localhost:3000/api/worker/self', { headers }))
  expect(selfSchema.parse(await me.json()).workerSlug).toBe('other')
  await db.worker.updateMany({ where: { slug: 'other' }, data: { state: 'active' } })

  const { backupId } = await requestBackup(control, scene.plan.id)
  const run = runOf('backup', backupId)
  expect(await call(claims, run, b)).toMatchObject({ status: 409, code: 'not-claimable' })
  const { answer } = await call(claims, run)
  const report = { run, events: numbered([{ type: 'log', level: 'info', text: 'x' }]), progress: null }
  expect(await call(events, report, b)).toMatchObject({ status: 409, code: 'stale-attempt' })
  expect((await call(events, report)).answer).toEqual({ lastSequence: 1, cancel: false })
  const manifest = manifestOf(answer.spec as Parameters<typeof manifestOf>[0])
  expect(await call(go, { run, manifest }, b)).toMatchObject({ status: 409, code: 'stale-attempt' })
  expect((await call(go, { run, manifest })).answer.signature).toMatch(/^[A-Za-z0-9+/]{86}==$/)
})
