import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { control } from '@/core/audit/actor'
import { revokeWorker } from '@/core/workers/revoke-worker'
import type { Db } from '@/lib/db'
import { createBoxConnection } from '@/scripts/test-connection'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup } from '@/scripts/test-rows'
import { createScene, runOf } from '@/scripts/test-scene'
import { answerTokenRequest, type TokenGrant } from './answer-token-request'
import { checkConnection } from './check-connection'
import { disconnect } from './disconnect'
import { findConnection } from './find-connection'
import { getAccess } from './get-access'
import { grantAccess } from './grant-access'
import { keepConnectionsAlive } from './keep-connections-alive'
import { replaceMarkedAccess } from './replace-access-of'
import { unsealTokens } from './sealed-secrets'
import { storeTokens } from './store-tokens'

/**
 * Promise: one refresh at a time, stored before anyone uses it, the same access token for all, and nothing that a provider may
 * answer loses a token that its rules let us keep. Against a fake Box with single-use refresh tokens and Box's rule of grace.
 */
let db: Db
let close: () => Promise<void>
/** before anything of ours is loaded, since settings are read once */
const fake = await vi.hoisted(async () => {
  const { startFakeProviders } = await import('@/e2e/fake-providers/start')
  const started = await startFakeProviders()
  Object.assign(process.env, started.environment)
  return started
})
const tokenPath = { host: 'api.box.com', path: '/oauth2/token' }
const quick = { turnSeconds: 1, requestSeconds: 2, pauseSeconds: 0.05, waitSeconds: 5 }

beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(async () => {
  await close()
  await fake.stop()
})
beforeEach(() => {
  fake.control.forgetCalls()
  fake.control.set('box', { accessTokenSeconds: 3600, clockOffsetSeconds: 0 })
})
afterEach(() => {
  vi.useRealTimers()
  fake.control.clearFaults()
})

const refreshes = () => fake.control.countCalls({ ...tokenPath, status: 200 })
const rowOf = (id: string) => db.connection.findUniqueOrThrow({ where: { id } })
const tokensOf = async (id: string) => unsealTokens(await rowOf(id))

/** As if the access token were over: age alone is changed. */
const age = (id: string, seconds = 86_400) =>
  db.connection.update({ where: { id }, data: { tokenSteadySeconds: { decrement: seconds } } })

/** A running backup of a worker, and the lease that its rclone shows. */
async function leaseOf(connectionId: string, scene: Awaited<ReturnType<typeof createScene>>) {
  const { instance, plan, worker } = scene
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const backup = await createBackup(db, facts, { state: 'running' })
  const remote = {
    id: scene.remote.id,
    baseFolder: 'WT',
    backend: 'box' as const,
    options: {},
    connectionId,
    access: null,
  }
  const spec = (await grantAccess({ remote }, worker, runOf('backup', backup.id))) as {
    remote: { access: { id: string; secret: string; tokenUrl: string } }
  }
  return { backup, worker, access: spec.remote.access }
}

async function workingLease(connectionId: string) {
  return leaseOf(connectionId, await createScene(db))
}

describe('handing out', () => {
  it('gives everyone the same access token, shortened so that all stop at one instant', async () => {
    const { id, minted } = await createBoxConnection(db, fake.control)
    const [a, b] = await Promise.all([workingLease(id), workingLease(id)])
    const answers = [await answerTokenRequest(a.access), await answerTokenRequest(b.access)]
    for (const answer of [...answers, await answerTokenRequest(a.access)]) {
      expect(Object.keys(answer)).toEqual(['access_token', 'token_type', 'expires_in'])
      expect(answer.access_token).toBe(minted.accessToken)
      expect(answer.expires_in).toBeLessThanOrEqual(3600 - 240 + 10)
    }
    expect(refreshes()).toBe(0)
    expect(await db.accessLease.findUnique({ where: { id: a.access.id } })).toMatchObject({ tokenVersion: 1 })
  })

  it('refreshes once for a crowd, and has stored the pair when the first of them gets it', async () => {
    const { id } = await createBoxConnection(db, fake.control)
    const leases = await Promise.all(Array.from({ length: 8 }, () => workingLease(id)))
    await age(id)
    const answers = await Promise.all(leases.map(({ access }) => answerTokenRequest(access)))
    expect(new Set(answers.map(({ access_token }) => access_token)).size).toBe(1)
    expect(refreshes()).toBe(1)
    expect(await tokensOf(id)).toEqual({
      accessToken: answers[0]?.access_token,
      refreshToken: fake.control.refreshTokens('box').at(-1),
    })
    expect(await rowOf(id)).toMatchObject({ tokenVersion: 2, refreshOwner: null, state: 'connected' })
  })

  it('finds out that the provider ended an access token early, when a run comes back for one', async () => {
    const { id, minted } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    expect((await answerTokenRequest(access)).access_token).toBe(minted.accessToken)
    fake.control.expireAccessTokens('box')
    const next = (await answerTokenRequest(access)).access_token
    expect(next).not.toBe(minted.accessToken)
    expect(fake.control.isGood('box', next)).toBe(true)
    // asked once, and not again within the minute
    fake.control.forgetCalls()
    for (let time = 0; time < 3; time++) expect((await answerTokenRequest(access)).access_token).toBe(next)
    expect(fake.control.countCalls({ path: '/2.0/users/me' })).toBe(1)
  })

  it('serves a job that outlives its access token several times, and nobody meets a 401', async () => {
    fake.control.set('box', { accessTokenSeconds: 4 })
    const { id } = await createBoxConnection(db, fake.control)
    const leases = await Promise.all([workingLease(id), workingLease(id), workingLease(id)])
    const end = performance.now() + 12_000
    const work = async (ask: () => Promise<TokenGrant>) => {
      let used = 0
      while (performance.now() < end) {
        const asked = performance.now()
        const { access_token, expires_in } = await ask()
        // rclone takes a token for over ten seconds before its end
        const stop = asked + (expires_in - 10) * 1000
        for (; performance.now() < stop; used++) {
          expect(fake.control.isGood('box', access_token)).toBe(true)
          await sleep(20)
        }
        await sleep(20)
      }
      return used
    }
    const counts = await Promise.all(leases.map(({ access }) => work(() => answerTokenRequest(access, quick))))
    expect(Math.min(...counts)).toBeGreaterThan(3)
    expect(refreshes()).toBeGreaterThanOrEqual(2)
    expect(refreshes()).toBeLessThanOrEqual(5)
  })

  it.each([-400, 400])('is not moved by a wall clock that jumps by %d days', async (days) => {
    const { id, minted } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 })
    // the provider's clock is not ours
    fake.control.set('box', { clockOffsetSeconds: -days * 86_400 })
    expect((await answerTokenRequest(access)).access_token).toBe(minted.accessToken)
    await age(id)
    const next = await answerTokenRequest(access)
    expect(next.access_token).not.toBe(minted.accessToken)
    expect(fake.control.isGood('box', next.access_token)).toBe(true)
    expect(refreshes()).toBe(1)
  })
})

describe('what a provider may answer', () => {
  const transient = [
    ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
    ['500', { kind: 'status', status: 500 }],
    ['503 with a page of a proxy', { kind: 'status', status: 503 }],
    ['an answer cut in half', { kind: 'cut' }],
    ['no answer, though it refreshed', { kind: 'drop' }],
    ['no connection', { kind: 'refuse' }],
    ['too slow for our patience, then the same', { kind: 'slow', milliseconds: 2500 }],
  ] as const

  it.each(transient)('loses nothing: %s', async (_, fault) => {
    const { id } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    await age(id)
    fake.control.addFault({ ...fault, match: tokenPath, times: 1 })
    const began = performance.now()
    const { access_token } = await answerTokenRequest(access, { ...quick, waitSeconds: 10 })
    if (_.includes('Retry-After')) expect(performance.now() - began).toBeGreaterThan(950)
    expect(fake.control.isGood('box', access_token)).toBe(true)
    // the chain goes on
    await age(id)
    expect(fake.control.isGood('box', (await answerTokenRequest(access, quick)).access_token)).toBe(true)
    expect(await rowOf(id)).toMatchObject({ state: 'connected', problem: null })
  })

  it('away for long: whoever asks waits a bounded time, is told so, and the connection is not given up', async () => {
    const { id } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    await age(id)
    fake.control.addFault({ kind: 'status', status: 503, match: tokenPath, times: 1000 })
    const began = performance.now()
    const asking = answerTokenRequest(access, { ...quick, waitSeconds: 1 })
    await expect(asking).rejects.toMatchObject({ code: 'provider-away' })
    expect(performance.now() - began).toBeLessThan(4000)
    expect(await rowOf(id)).toMatchObject({ state: 'connected', problem: { code: 'provider-away' } })
    fake.control.clearFaults()
    expect(fake.control.isGood('box', (await answerTokenRequest(access, quick)).access_token)).toBe(true)
    expect(await rowOf(id)).toMatchObject({ state: 'connected', problem: null })
  })

  it('no more: reconnect needed, at once, for everyone, and nobody asks the provider again', async () => {
    const { id } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    await age(id)
    fake.control.revokeAll('box')
    for (let time = 0; time < 3; time++)
      await expect(answerTokenRequest(access, quick)).rejects.toMatchObject({
        code: 'reconnect-needed',
        message: expect.stringMatching(/^Reconnect needed: .*invalid_grant/),
      })
    expect(fake.control.countCalls(tokenPath)).toBe(1)
    expect(await rowOf(id)).toMatchObject({ state: 'reconnectNeeded', problem: { code: 'reconnect-needed' } })
    expect(await db.auditEvent.count({ where: { subjectId: id, action: 'connection.reconnect-needed' } })).toBe(1)
  })

  it('no more, although a slower process holds the good pair: that pair wins', async () => {
    const { id } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    await age(id)
    const stale = await rowOf(id)
    const { access_token } = await answerTokenRequest(access, quick)
    const now = await rowOf(id)
    // back to the row as it was, given up by another process, while ours has yet to commit
    await db.connection.update({
      where: { id },
      data: { tokenVersion: 1, tokens: stale.tokens, state: 'reconnectNeeded' },
    })
    const kept = unsealTokens(now)
    const stored = await storeTokens(
      { ...(await findConnection(db, id)), tokenVersion: 1 },
      { kind: 'granted', accessToken: access_token, refreshToken: kept?.refreshToken ?? null, lifetimeSeconds: 3600 },
      { wall: new Date(), steady: { bootId: now.tokenBootId ?? '', seconds: now.tokenSteadySeconds ?? 0 } },
    )
    expect(stored).toBe(true)
    expect((await answerTokenRequest(access, quick)).access_token).toBe(access_token)
  })
})

describe('who gets access', () => {
  it('ends with the run, and belongs to that run and that worker alone', async () => {
    const { id } = await createBoxConnection(db, fake.control)
    const { access, backup } = await workingLease(id)
    const refused = async (credentials: { id: string; secret: string }) =>
      answerTokenRequest(credentials).then(
        () => null,
        (problem) => problem.code,
      )
    expect(await refused(access)).toBeNull()
    expect(await refused({ ...access, secret: `${access.secret}x` })).toBe('invalid-lease')
    expect(await refused({ ...access, id: 'another' })).toBe('invalid-lease')
    const inState = async (state: 'lost' | 'succeeded' | 'failed' | 'cancelled' | 'queued' | 'running') => {
      await db.backupTask.updateMany({ where: { backupId: backup.id }, data: { state } })
      return refused(access)
    }
    for (const state of ['succeeded', 'failed', 'cancelled', 'queued'] as const)
      expect(await inState(state)).toBe('run-over')
    // late events of the same attempt revive it
    for (const state of ['lost', 'running'] as const) expect(await inState(state)).toBeNull()
    await db.backupTask.updateMany({ where: { backupId: backup.id }, data: { attempt: 2 } })
    expect(await refused(access)).toBe('run-over')
  })

  it('is taken from a revoked worker: its token is replaced at once, and others go on with the new one', async () => {
    const { id } = await createBoxConnection(db, fake.control)
    const [thief, other] = await Promise.all([workingLease(id), workingLease(id)])
    const stolen = (await answerTokenRequest(thief.access)).access_token
    expect((await answerTokenRequest(other.access)).access_token).toBe(stolen)
    await revokeWorker(control, thief.worker.id)
    await expect(answerTokenRequest(thief.access)).rejects.toMatchObject({ code: 'run-over' })
    await replaceMarkedAccess()
    expect(fake.control.isGood('box', stolen)).toBe(false)
    const next = (await answerTokenRequest(other.access)).access_token
    expect(next).not.toBe(stolen)
    expect(fake.control.isGood('box', next)).toBe(true)
    expect(await rowOf(id)).toMatchObject({ replaceVersion: null, state: 'connected' })
    // nothing more to replace
    await replaceMarkedAccess()
    expect(refreshes()).toBe(1)
  })

  it('leaves the token alone when a worker is revoked that never held it', async () => {
    const { id, minted } = await createBoxConnection(db, fake.control)
    const [idle, other] = await Promise.all([workingLease(id), workingLease(id)])
    await answerTokenRequest(other.access)
    await revokeWorker(control, idle.worker.id)
    await replaceMarkedAccess()
    expect((await answerTokenRequest(other.access)).access_token).toBe(minted.accessToken)
  })
})

describe('what control does meanwhile', () => {
  it('never kills a running job’s token: keep-alive, tests and who am I use the one there is', async () => {
    const { id, minted } = await createBoxConnection(db, fake.control, {
      refreshedAt: new Date(Date.now() - 30 * 86_400_000),
    })
    const { access } = await workingLease(id)
    await answerTokenRequest(access)
    await keepConnectionsAlive()
    await checkConnection(id)
    expect((await getAccess(id)).accessToken).toBe(minted.accessToken)
    expect(refreshes()).toBe(0)
    expect(fake.control.isGood('box', minted.accessToken)).toBe(true)
    expect(await rowOf(id)).toMatchObject({ account: { login: 'ada@example.org', largestFileBytes: 5e9 } })
  })

  it('keeps alive what nobody used for a week, and the day of its death moves away', async () => {
    const week = { refreshedAt: new Date(Date.now() - 8 * 86_400_000), diesAt: new Date(Date.now() + 52 * 86_400_000) }
    const { id } = await createBoxConnection(db, fake.control, week)
    const fresh = await createBoxConnection(db, fake.control)
    await age(id)
    await age(fresh.id)
    await keepConnectionsAlive()
    expect(refreshes()).toBe(1)
    const { diesAt, tokenVersion } = await rowOf(id)
    expect(tokenVersion).toBe(2)
    expect(diesAt?.getTime()).toBeGreaterThan(Date.now() + 59 * 86_400_000)
  })

  it('replaces a token that the provider no longer knows, and finds out where that is not all', async () => {
    const { id, minted } = await createBoxConnection(db, fake.control)
    fake.control.expireAccessTokens('box')
    await checkConnection(id, quick)
    expect((await getAccess(id)).accessToken).not.toBe(minted.accessToken)
    fake.control.revokeAll('box')
    await expect(checkConnection(id, quick)).rejects.toMatchObject({ code: 'reconnect-needed' })
  })

  it('disconnects here and at the provider, and nobody gets access any more', async () => {
    const { id, minted } = await createBoxConnection(db, fake.control)
    const { access } = await workingLease(id)
    expect(await disconnect(control, id)).toEqual({ toDoByHand: null })
    expect(fake.control.isGood('box', minted.accessToken)).toBe(false)
    await expect(answerTokenRequest(access)).rejects.toMatchObject({ code: 'not-connected' })
    expect(await rowOf(id)).toMatchObject({ state: 'disconnected', tokens: null })
  })
})
