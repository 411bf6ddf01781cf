import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { requestBackup } from '@/core/backups/request-backup'
import { requestRestore } from '@/core/restores/request-restore'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { seal, sha256Hex } from '@/lib/crypto'
import { db, type Worker } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import type { RunReference } from '@/protocol/worker-api'
import { stopProcess } from '@/scripts/servers/process'
import { type Stack, startStack } from '@/scripts/stack'
import { createGoodBackup, createWorker } from '@/scripts/test-rows'
import { createScene, manifestOf, numbered, runOf } from '@/scripts/test-scene'
import { databaseState } from './database-state'

/**
 * Promise: a worker reaches its own runs and nothing else, by ids it knows or guesses; what is forged, stale or doubled is
 * refused. Asked of the running web over HTTP. (Redis: lib/queue.integration.test.ts.)
 */
let folder: string
let stack: Stack
let scene: Awaited<ReturnType<typeof createScene>>
let keys: { owner: string; colleague: string; stranger: string }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-strangers-'))
  stack = await startStack(folder)
  await stopProcess(stack.control)
  Object.assign(process.env, stack.environment)
  await fetch(`${stack.url}/api/health`)
  scene = await createScene(db())
  const colleague = await createWorker(db(), scene.instance.id)
  const stranger = (await createScene(db())).worker
  keys = {
    owner: await keyed(scene.worker, 'key-of-the-owner'),
    colleague: await keyed(colleague, 'key-of-a-colleague'),
    stranger: await keyed(stranger, 'key-of-a-stranger'),
  }
})
afterAll(async () => {
  await db().$disconnect()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function keyed(worker: Worker, key: string): Promise<string> {
  await db().worker.update({ where: { id: worker.id }, data: { keySha256: sha256Hex(key), protocol: '1.0' } })
  return key
}

async function call(key: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${stack.url}/api/worker/${path}`, {
    method: 'POST',
    headers: { 'talekeeper-protocol': '1', authorization: `Bearer ${key}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const answer = JSON.parse(text) as { problem?: { code: string }; spec?: unknown } & Record<string, unknown>
  return { status: response.status, code: answer.problem?.code, answer, text }
}

const finished = numbered([{ type: 'finished', state: 'succeeded', problem: null }])
const said = numbered([{ type: 'log', level: 'info', text: 'hello' }])
const report = (run: RunReference, events = said) => ({ run, events, progress: null })

/** A run of the owner of each kind that a worker may claim. */
async function runsOfOwner(): Promise<RunReference[]> {
  const { instance, worker, remote, plan } = scene
  const good = await createGoodBackup(db(), {
    ...{ instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id, remoteId: remote.id },
  })
  const { restoreId } = await requestRestore(control, { backupId: good.id })
  const prune = await db().prune.create({
    data: {
      ...{ instanceId: instance.id, workerId: worker.id, remoteId: remote.id },
      items: { create: [{ backupId: good.id, reason: 'retention' }] },
    },
  })
  const ask = await db().ask.create({ data: { workerId: worker.id, question: 'check-source', spec: '' } })
  const spec = seal('{}', { table: 'Ask', row: ask.id, field: 'spec' }, controlPlaneEnv().sealingKey)
  await db().ask.update({ where: { id: ask.id }, data: { spec } })
  const { backupId } = await requestBackup(control, plan.id)
  return [
    ...[runOf('backup', backupId), runOf('restore', restoreId), runOf('discard', restoreId)],
    ...[runOf('prune', prune.id), runOf('ask', ask.id)],
  ]
}

describe('another worker, of the same instance or of another,', () => {
  test('claims, reports, completes and answers nothing of the owner’s, whether it waits or runs', async () => {
    const runs = await runsOfOwner()
    const [backup] = runs
    if (!backup) throw new Error('no backup')
    const attempts = async () => {
      const before = await databaseState()
      for (const key of [keys.colleague, keys.stranger])
        for (const run of runs) {
          expect(await call(key, 'claims', run)).toMatchObject({ status: 409, code: 'not-claimable' })
          for (const events of [said, finished])
            expect(await call(key, 'events', report(run, events))).toMatchObject({ status: 409, code: 'stale-attempt' })
          const answer = { run, problem: null, answer: { facts: { forged: 'yes' } } }
          expect(await call(key, 'answers', answer)).toMatchObject({ status: 409, code: 'stale-attempt' })
        }
      expect((await databaseState()).split('\n')).toEqual(before.split('\n'))
    }
    await attempts()
    const { answer, status } = await call(keys.owner, 'claims', backup)
    expect(status).toBe(200)
    await attempts()
    const manifest = manifestOf(answer.spec as Parameters<typeof manifestOf>[0])
    for (const key of [keys.colleague, keys.stranger])
      expect(await call(key, 'go', { run: backup, manifest })).toMatchObject({ status: 409, code: 'stale-attempt' })
    expect(await db().backup.findUnique({ where: { id: backup.id } })).toMatchObject({ goAt: null, state: 'running' })

    // and the owner: no second claim, no other attempt, no event twice, no manifest that says something else
    expect(await call(keys.owner, 'claims', backup)).toMatchObject({ status: 409 })
    expect(await call(keys.owner, 'events', report({ ...backup, attempt: 2 }))).toMatchObject({ status: 409 })
    for (let time = 0; time < 2; time++)
      expect((await call(keys.owner, 'events', report(backup))).answer).toEqual({ lastSequence: 1, cancel: false })
    const forged = manifestOf(answer.spec as Parameters<typeof manifestOf>[0], { backupId: scene.instance.id })
    expect(await call(keys.owner, 'go', { run: backup, manifest: forged })).toMatchObject({ code: 'invalid-manifest' })
    expect(await call(keys.owner, 'go', { run: { ...backup, attempt: 2 }, manifest })).toMatchObject({ status: 409 })
    const [first, second] = [
      await call(keys.owner, 'go', { run: backup, manifest }),
      await call(keys.owner, 'go', { run: backup, manifest }),
    ]
    expect(first.answer.signature).toMatch(/^[A-Za-z0-9+/]{86}==$/)
    expect(second.answer).toEqual(first.answer)
    const other = manifestOf(answer.spec as Parameters<typeof manifestOf>[0], { changedFiles: 7 })
    expect(await call(keys.owner, 'go', { run: backup, manifest: other })).toMatchObject({ code: 'go-given' })
  })

  test('keeps no foreign run alive, and learns nothing of it, by naming it in its heartbeat', async () => {
    const open = await db().backup.findFirstOrThrow({ where: { workerId: scene.worker.id, state: 'running' } })
    const where = { backupId_attempt: { backupId: open.id, attempt: 1 } }
    await db().backupTask.update({ where, data: { lastSeenAt: new Date(0) } })
    const running = [runOf('backup', open.id)]
    const about = { hostName: 'x', version: '1', tools: {}, spoolFreeBytes: 0, clock: new Date().toISOString() }
    const unknown = [runOf('backup', '00000000-0000-4000-8000-000000000000')]
    const [foreign, nowhere] = [
      await call(keys.stranger, 'heartbeat', { ...about, running }),
      await call(keys.stranger, 'heartbeat', { ...about, running: unknown }),
    ]
    expect(foreign.answer.cancel).toEqual(running)
    expect(nowhere.answer.cancel).toEqual(unknown)
    const after = await db().backupTask.findUniqueOrThrow({ where })
    expect(after.lastSeenAt).toEqual(new Date(0))
  })

  test('does nothing any more from the moment it is revoked', async () => {
    await revokeWorker(
      control,
      (await db().worker.findFirstOrThrow({ where: { keySha256: sha256Hex(keys.colleague) } })).id,
    )
    for (const path of ['heartbeat', 'claims', 'events', 'go', 'copy-go', 'contributions', 'answers'])
      expect(await call(keys.colleague, path, {})).toMatchObject({ status: 401, code: 'unauthorised' })
  })
})

/** Promise: bad input gets an answer that says what is wrong, and nobody else's work stops. */
test.each([
  ['another protocol', 'heartbeat', {}, { 'talekeeper-protocol': '2' }, 426, 'protocol-mismatch'],
  ['no JSON', 'events', '{"run":', {}, 400, 'invalid-request'],
  ['JSON of another kind', 'claims', '[1,2,3]', {}, 400, 'invalid-request'],
  ['depth', 'claims', '['.repeat(200_000), {}, 400, 'invalid-request'],
  ['a name of a megabyte', 'heartbeat', { hostName: 'x'.repeat(1_048_577) }, {}, 413, 'too-large'],
  [
    'a name of a megabyte where long bodies may be',
    'events',
    { run: { name: 'x'.repeat(1_048_577) } },
    {},
    400,
    'invalid-request',
  ],
  ['an endless body', 'events', 'x'.repeat(17 * 1024 * 1024), {}, 413, 'too-large'],
  ['a name of a megabyte at enrolment', 'enroll', { token: 'x'.repeat(1_048_577) }, {}, 413, 'too-large'],
  ['a made-up token', 'enroll', enrolment('made-up-token-of-a-stranger'), {}, 403, 'invalid-token'],
] as const)('%s: refused', async (_name, path, body, changes, status, code) => {
  const answer = await call(keys.owner, path, body, changes)
  expect(answer).toMatchObject({ status, code })
  expect(answer.text.length).toBeLessThan(2000)
  const headers = { 'talekeeper-protocol': '1', authorization: `Bearer ${keys.owner}` }
  expect((await fetch(`${stack.url}/api/worker/self`, { headers })).status).toBe(200)
})

function enrolment(token: string) {
  const hash = sha256Hex(token)
  return { token, keySha256: hash, redisPasswordSha256: hash, hostName: 'x', version: '1', tools: {} }
}
