import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { EnvHttpProxyAgent, request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { ProviderName } from '@/e2e/fake-providers/provider'
import type { App } from '@/e2e/fake-providers/realm'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { createRemote } from '@/scripts/test-rows'
import { beginConnect } from './begin-connect'
import { connectByPaste } from './connect-by-paste'
import { createServiceConnection, replaceServiceKey } from './connect-by-service'
import { createConnection } from './create-connection'
import { deleteConnection } from './delete-connection'
import { disconnect } from './disconnect'
import { finishConnect } from './finish-connect'
import { getAccess } from './get-access'
import { getConnection, getVisitProblem } from './get-connection'
import { redirectAddressOf } from './redirect-address'
import { updateConnection } from './update-connection'

/** Promise: a connection is made only by whoever began it, with the right account, and whatever goes wrong has words and a way on. */
let db: Db
let close: () => Promise<void>
let agent: EnvHttpProxyAgent
/** before anything of ours is loaded, since settings are read once */
const fake = await vi.hoisted(async () => {
  const { startFakeProviders } = await import('@/e2e/fake-providers/start')
  const started = await startFakeProviders()
  Object.assign(process.env, started.environment)
  return started
})
const ada: Actor = { kind: 'user', id: null, name: 'Ada', role: 'admin' }
const providers = ['box', 'drive', 'dropbox', 'onedrive'] as const
const loopback = { box: 'http://127.0.0.1:53682/', drive: 'http://127.0.0.1:53682/' }
let count = 0

beforeAll(async () => {
  const trust = { ca: readFileSync(fake.caFile, 'utf8') }
  agent = new EnvHttpProxyAgent({ httpsProxy: fake.proxyUrl, requestTls: trust })
  ;({ db, close } = await openTestDatabase())
})
afterAll(async () => {
  await agent.close()
  await close()
  await fake.stop()
})
beforeEach(() => fake.control.set('box', { accessTokenSeconds: 3600, clockOffsetSeconds: 0 }))
afterEach(() => fake.control.clearFaults())

async function entered(provider: ProviderName): Promise<{ id: string; app: App }> {
  const app = fake.control.addApp(provider, { redirectUris: [redirectAddressOf(provider)] })
  const { clientId, clientSecret } = app
  const slug = `c-${++count}`
  const { id } = await createConnection(ada, { slug, name: slug, provider, clientId, clientSecret, tenant: undefined })
  return { id, app }
}

/** As a person at the provider's page: what the browser comes back with. */
async function visit(url: string, account = '1001', decision = 'grant') {
  const { origin, pathname, searchParams } = new URL(url)
  const form = new URLSearchParams({ ...Object.fromEntries(searchParams), account, decision })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await request(origin + pathname, { method: 'POST', headers, body: form.toString(), dispatcher: agent })
  await answer.body.text()
  const address = String(answer.headers.location)
  const back = new URL(address).searchParams
  return { address, returned: { state: back.get('state'), code: back.get('code'), error: back.get('error') } }
}

async function connected(provider: ProviderName, account = '1001') {
  const made = await entered(provider)
  const { returned } = await visit((await beginConnect('session', made.id)).url, account)
  expect(await finishConnect(ada, 'session', returned)).toMatchObject({ isConnected: true })
  return made
}

async function problemOf(id: string, session: string, returned: Awaited<ReturnType<typeof visit>>['returned']) {
  const { attemptId, isConnected } = await finishConnect(ada, session, returned)
  expect(isConnected).toBe(false)
  const problem = await getVisitProblem(id, attemptId)
  expect(problem?.action).toBeTruthy()
  return problem?.code
}

describe('on the web', () => {
  it.each(providers)('connects %s: whose account, what fits in it, when it dies', async (provider) => {
    const { id } = await connected(provider)
    const detail = await getConnection(id)
    expect(detail).toMatchObject({ state: 'connected', method: 'web', problem: null })
    expect(detail.account).toMatchObject({ name: 'Ada Archivist', login: 'ada@example.org', quotaBytes: 1e12 })
    expect(detail.account?.largestFileBytes).toBeGreaterThan(1e9)
    const days = { box: 60, drive: 180, dropbox: null, onedrive: 90 }[provider]
    const left = detail.diesAt && (detail.diesAt.getTime() - Date.now()) / 86_400_000
    expect(left === null ? null : Math.round(left)).toBe(days)
    // the chain goes on
    await db.connection.update({ where: { id }, data: { tokenSteadySeconds: { decrement: 86_400 } } })
    expect(fake.control.isGood(provider, (await getAccess(id)).accessToken)).toBe(true)
    expect(await disconnect(ada, id)).toEqual({ toDoByHand: provider === 'onedrive' ? expect.any(String) : null })
  })

  it('asks with PKCE where the provider has it, and never shows the client secret', async () => {
    for (const provider of providers) {
      const { id, app } = await entered(provider)
      const { url } = await beginConnect('session', id)
      expect(new URL(url).searchParams.get('code_challenge_method')).toBe(provider === 'box' ? null : 'S256')
      expect(url).not.toContain(app.clientSecret)
      const row = await db.connectAttempt.findFirstOrThrow({ where: { connectionId: id } })
      expect(JSON.stringify(row)).not.toContain(new URL(url).searchParams.get('state'))
    }
  })

  it('tells a denial, an answer too late, one of another session, and one used before, apart', async () => {
    const { id } = await entered('box')
    const begin = async () => (await beginConnect('session', id)).url
    expect(await problemOf(id, 'session', (await visit(await begin(), '1001', 'deny')).returned)).toBe('access-denied')

    const late = (await visit(await begin())).returned
    await db.connectAttempt.updateMany({ where: { usedAt: null }, data: { expiresAt: new Date(Date.now() - 1) } })
    expect(await problemOf(id, 'session', late)).toBe('visit-expired')

    const { returned } = await visit(await begin())
    await expect(finishConnect(ada, 'another session', returned)).rejects.toMatchObject({ code: 'unknown-visit' })
    const made = { ...returned, state: 'made up' }
    await expect(finishConnect(ada, 'session', made)).rejects.toMatchObject({ code: 'unknown-visit' })
    expect(await finishConnect(ada, 'session', returned)).toMatchObject({ isConnected: true })
    await expect(finishConnect(ada, 'session', returned)).rejects.toMatchObject({ code: 'visit-replayed', where: id })
    expect((await getConnection(id)).state).toBe('connected')
  })

  it('tells a wrong secret, a wrong redirect address, a stale code, and a provider that is away, apart', async () => {
    const { id, app } = await entered('box')
    const begin = async () => (await visit((await beginConnect('session', id)).url)).returned
    const answers = await begin()
    await db.connectAttempt.updateMany({
      where: { usedAt: null },
      data: { redirectAddress: 'https://elsewhere.example/' },
    })
    expect(await problemOf(id, 'session', answers)).toBe('wrong-redirect')

    const old = await begin()
    fake.control.set('box', { clockOffsetSeconds: 31 })
    expect(await problemOf(id, 'session', old)).toBe('code-worthless')
    fake.control.set('box', { clockOffsetSeconds: 0 })

    for (const fault of [{ kind: 'refuse' }, { kind: 'cut' }, { kind: 'status', status: 503 }] as const) {
      const returned = await begin()
      fake.control.addFault({ ...fault, match: { host: 'api.box.com', path: '/oauth2/token' }, times: 1 })
      expect(await problemOf(id, 'session', returned)).toBe('provider-away')
    }
    const { clientId } = app
    await updateConnection(ada, id, { name: 'Box', clientId, clientSecret: 'not the secret', tenant: undefined })
    expect(await problemOf(id, 'session', await begin())).toBe('wrong-client')
    expect((await getConnection(id)).state).toBe('entered')
  })

  it('reconnects with the same account only; remotes stay, and another account changes nothing', async () => {
    const { id } = await connected('box')
    const remote = await createRemote(db, { backend: 'box', connectionId: id, baseFolder: 'WT' })
    const before = await db.connection.findUniqueOrThrow({ where: { id } })
    const { returned } = await visit((await beginConnect('session', id)).url, '1002')
    expect(await problemOf(id, 'session', returned)).toBe('wrong-account')
    expect(await db.connection.findUniqueOrThrow({ where: { id } })).toEqual(before)

    await db.connection.update({ where: { id }, data: { state: 'reconnectNeeded' } })
    const again = await visit((await beginConnect('session', id)).url)
    expect(await finishConnect(ada, 'session', again.returned)).toMatchObject({ isConnected: true })
    const detail = await getConnection(id)
    expect(detail).toMatchObject({ state: 'connected', problem: null, remotes: [{ id: remote.id }] })
    await expect(deleteConnection(ada, id)).rejects.toMatchObject({ code: 'connection-in-use' })
  })
})

describe('by paste', () => {
  it('takes what rclone authorize prints, proved by a refresh and by whose account it is', async () => {
    const { id, app } = await entered('box')
    const minted = fake.control.mint('box', app.clientId)
    const token = JSON.stringify({ access_token: minted.accessToken, refresh_token: minted.refreshToken })
    await connectByPaste(
      ada,
      'session',
      id,
      `Paste the following into your remote machine --->\n${token}\n<---End paste`,
    )
    expect(await getConnection(id)).toMatchObject({ state: 'connected', method: 'paste' })
    // it was spent: a second time it is worth nothing, and the connection goes on
    await expect(connectByPaste(ada, 'session', id, token)).rejects.toMatchObject({ code: 'foreign-token' })
    expect((await getConnection(id)).state).toBe('connected')
  })

  it('refuses a token of another client id, and says what to do', async () => {
    const { id } = await entered('drive')
    const rclones = fake.control.addApp('drive')
    const { refreshToken } = fake.control.mint('drive', rclones.clientId)
    const pasting = connectByPaste(ada, 'session', id, JSON.stringify({ refresh_token: refreshToken }))
    await expect(pasting).rejects.toMatchObject({
      code: 'foreign-token',
      action: expect.stringMatching(/own client id/),
    })
    await expect(connectByPaste(ada, 'session', id, 'hello')).rejects.toMatchObject({ code: 'paste-unreadable' })
    expect((await getConnection(id)).state).toBe('entered')
  })

  it('takes the address that a browser ended at, in the session that asked for it', async () => {
    for (const provider of ['box', 'drive'] as const) {
      const { id, app } = await entered(provider)
      fake.control.addApp(provider, { ...app, redirectUris: [loopback[provider]] })
      const { address } = await visit((await beginConnect('session', id, 'paste')).url)
      expect(address.startsWith(loopback[provider])).toBe(true)
      await expect(connectByPaste(ada, 'another', id, address)).rejects.toMatchObject({ code: 'unknown-visit' })
      await connectByPaste(ada, 'session', id, address)
      expect((await getConnection(id)).state).toBe('connected')
      const denied = await visit((await beginConnect('session', id, 'paste')).url, '1001', 'deny')
      await expect(connectByPaste(ada, 'session', id, denied.address)).rejects.toMatchObject({ code: 'access-denied' })
    }
  })
})

describe('by a key file', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'the passphrase' }
  const sealedKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem', ...cipher }).toString()
  const plainKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const boxApp = () => fake.control.addApp('box', { enterpriseId: '77', publicKeys: { k1: publicKey } })
  const jwtFile = ({ clientId, clientSecret }: App, passphrase = cipher.passphrase) =>
    JSON.stringify({
      boxAppSettings: {
        ...{ clientID: clientId, clientSecret },
        appAuth: { publicKeyID: 'k1', privateKey: sealedKey, passphrase },
      },
      enterpriseID: '77',
    })
  const make = (provider: ProviderName, service: 'ccg' | 'jwt' | 'service-account', key: string) => {
    const slug = `s-${++count}`
    return createServiceConnection(ada, { slug, name: slug, provider, service, key })
  }

  it('connects Box by client credentials, and asks for each access token anew', async () => {
    const { clientId, clientSecret } = boxApp()
    const { id } = await make('box', 'ccg', JSON.stringify({ clientID: clientId, clientSecret, enterpriseID: '77' }))
    expect(await getConnection(id)).toMatchObject({
      state: 'connected',
      method: 'service',
      diesAt: null,
      service: 'ccg',
    })
    const before = await getAccess(id)
    await db.connection.update({ where: { id }, data: { tokenSteadySeconds: { decrement: 86_400 } } })
    expect((await getAccess(id)).accessToken).not.toBe(before.accessToken)
  })

  it.each([0, 3600, -3600])('connects Box by JWT, with a clock that is %d s off', async (clockOffsetSeconds) => {
    const app = boxApp()
    fake.control.set('box', { clockOffsetSeconds })
    const { id } = await make('box', 'jwt', jwtFile(app))
    expect(fake.control.isGood('box', (await getAccess(id)).accessToken)).toBe(true)
  })

  it('connects Drive by a service account, whatever token address the file names', async () => {
    const { clientId } = fake.control.addApp('drive', {
      ...{ clientId: 'backup@project.iam.gserviceaccount.com', publicKeys: { k2: publicKey } },
    })
    const file = { type: 'service_account', client_email: clientId, private_key_id: 'k2', private_key: plainKey }
    const { id } = await make(
      'drive',
      'service-account',
      JSON.stringify({ ...file, token_uri: 'https://evil.example/' }),
    )
    expect((await getConnection(id)).clientId).toBe(clientId)
  })

  it('keeps no file that does not work, tells which field is off, and repeats nothing of it', async () => {
    const app = boxApp()
    const before = await db.connection.count()
    const ccg = { clientID: app.clientId, clientSecret: 'wrong-secret', enterpriseID: '77' }
    await expect(make('box', 'ccg', JSON.stringify(ccg))).rejects.toMatchObject({ code: 'key-refused' })
    const refusals = [make('box', 'jwt', '{}'), make('box', 'jwt', 'x'), make('box', 'jwt', jwtFile(app, 'another'))]
    for (const refusal of refusals)
      await expect(refusal).rejects.toMatchObject({
        code: 'invalid-key-file',
        message: expect.not.stringMatching(/another|BEGIN/),
      })
    expect(await db.connection.count()).toBe(before)
  })

  it('replaces a file by one that works, of the same account', async () => {
    const { id } = await make('box', 'jwt', jwtFile(boxApp()))
    const next = boxApp()
    await expect(replaceServiceKey(ada, id, 'jwt', '{}')).rejects.toMatchObject({ code: 'invalid-key-file' })
    await replaceServiceKey(ada, id, 'jwt', jwtFile(next))
    expect((await getConnection(id)).clientId).toBe(next.clientId)
  })
})
