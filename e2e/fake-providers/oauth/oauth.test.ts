import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { EnvHttpProxyAgent, request } from 'undici'
import { controlAt } from '@/e2e/fake-providers/control-client'
import type { ProviderName } from '@/e2e/fake-providers/provider'
import type { App } from '@/e2e/fake-providers/realm'
import { type FakeProviders, startFakeProviders } from '@/e2e/fake-providers/start'

const callback = 'http://localhost:3000/callback'
let fake: FakeProviders
let agent: EnvHttpProxyAgent

beforeAll(async () => {
  fake = await startFakeProviders()
  const trust = { ca: readFileSync(fake.caFile, 'utf8') }
  agent = new EnvHttpProxyAgent({ httpsProxy: fake.proxyUrl, requestTls: trust })
})
afterAll(async () => {
  await agent.close()
  await fake.stop()
})
beforeEach(() => {
  fake.control.clearFaults()
  fake.control.set('box', { accessTokenSeconds: 3600, clockOffsetSeconds: 0 })
})

async function call(url: string, form?: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await request(url, {
    method: form ? 'POST' : 'GET',
    headers: { ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...headers },
    body: form ? new URLSearchParams(form).toString() : null,
    dispatcher: agent,
  })
  const text = await response.body.text()
  return { status: response.statusCode, headers: response.headers, text, json: safeJson(text) }
}
function safeJson(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const whoAmI = (token: string) => call('https://api.box.com/2.0/users/me', undefined, bearer(token))
const tokenUrls: Record<ProviderName, string> = {
  box: 'https://api.box.com/oauth2/token',
  drive: 'https://oauth2.googleapis.com/token',
  dropbox: 'https://api.dropboxapi.com/oauth2/token',
  onedrive: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
}
const ask = (name: ProviderName, app: App, form: Record<string, string>) =>
  call(tokenUrls[name], { client_id: app.clientId, client_secret: app.clientSecret, ...form })
const refresh = (app: App, refreshToken: string) =>
  ask('box', app, { grant_type: 'refresh_token', refresh_token: refreshToken })

/** As a person who clicks "Grant": the parameters that the application gets back. */
async function grant(authorizeUrl: string, query: Record<string, string>, account = '1001', decision = 'grant') {
  const page = await call(`${authorizeUrl}?${new URLSearchParams(query)}`)
  if (page.status !== 200) return page.text
  const answer = await call(authorizeUrl, { ...query, account, decision })
  return Object.fromEntries(new URL(String(answer.headers.location)).searchParams)
}

describe('Box', () => {
  const authorize = 'https://account.box.com/api/oauth2/authorize'
  const query = (app: App) => ({ response_type: 'code', client_id: app.clientId, redirect_uri: callback, state: 'st' })

  it('gives a code that is good once and for 30 seconds', async () => {
    const app = fake.control.addApp('box', { redirectUris: [callback] })
    const { code, state } = (await grant(authorize, query(app))) as Record<string, string>
    expect(state).toBe('st')
    const form = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: callback }
    const tokens = await ask('box', app, form)
    expect(tokens.json).toMatchObject({ token_type: 'bearer', refresh_token: expect.any(String), restricted_to: [] })
    expect((await whoAmI(tokens.json.access_token)).json).toMatchObject({
      login: 'ada@example.org',
      max_upload_size: 5e9,
    })
    expect(await ask('box', app, form)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    const late = (await grant(authorize, query(app))) as Record<string, string>
    fake.control.set('box', { clockOffsetSeconds: 31 })
    expect((await ask('box', app, { ...form, code: late.code ?? '' })).json.error).toBe('invalid_grant')
  })

  it('says no to another redirect address, an unknown app, a wrong secret, and after "Deny"', async () => {
    const app = fake.control.addApp('box', { redirectUris: [callback] })
    expect(await grant(authorize, { ...query(app), redirect_uri: `${callback}/` })).toContain('redirect_uri_mismatch')
    expect(await grant(authorize, { ...query(app), client_id: 'nobody' })).toContain('invalid_client')
    expect(await grant(authorize, query(app), '1001', 'deny')).toMatchObject({ error: 'access_denied', state: 'st' })
    expect((await refresh({ ...app, clientSecret: 'no' }, 'x')).json.error).toBe('invalid_client')
  })

  it('rotates: a spent refresh token answers the same until the new access token is used, which ends the old one', async () => {
    const app = fake.control.addApp('box')
    const first = fake.control.mint('box', app.clientId)
    const second = (await refresh(app, first.refreshToken)).json
    expect((await whoAmI(first.accessToken)).status).toBe(200)
    const again = (await refresh(app, first.refreshToken)).json
    expect([again.access_token, again.refresh_token]).toEqual([second.access_token, second.refresh_token])
    expect((await whoAmI(second.access_token)).status).toBe(200)
    expect((await whoAmI(first.accessToken)).status).toBe(401)
    expect((await refresh(app, first.refreshToken)).json.error).toBe('invalid_grant')
    expect((await refresh(app, second.refresh_token)).status).toBe(200)
  })

  it('a refresh token dies after 60 days, an access token after its lifetime, and all with the grant', async () => {
    const app = fake.control.addApp('box')
    const tokens = fake.control.mint('box', app.clientId)
    fake.control.set('box', { clockOffsetSeconds: 3601 })
    expect((await whoAmI(tokens.accessToken)).status).toBe(401)
    fake.control.set('box', { clockOffsetSeconds: 60 * 86_400 + 1 })
    expect((await refresh(app, tokens.refreshToken)).json.error).toBe('invalid_grant')
    fake.control.set('box', { clockOffsetSeconds: 0 })
    const revoke = { client_id: app.clientId, client_secret: app.clientSecret, token: tokens.refreshToken }
    expect((await call('https://api.box.com/oauth2/revoke', revoke)).status).toBe(200)
    expect((await whoAmI(tokens.accessToken)).status).toBe(401)
  })

  it('server authentication: client credentials and JWT, several access tokens side by side, no refresh token', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const app = fake.control.addApp('box', { enterpriseId: '77', publicKeys: { k1: pem } })
    const subject = { grant_type: 'client_credentials', box_subject_type: 'enterprise', box_subject_id: '77' }
    const [one, two] = [await ask('box', app, subject), await ask('box', app, subject)]
    expect(one.json.refresh_token).toBeUndefined()
    expect((await whoAmI(two.json.access_token)).status).toBe(200)
    expect((await whoAmI(one.json.access_token)).status).toBe(200)
    expect((await ask('box', app, { ...subject, box_subject_id: '78' })).status).toBe(400)

    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      iss: app.clientId,
      sub: '77',
      box_sub_type: 'enterprise',
      aud: tokenUrls.box,
      jti: randomBytes(16).toString('hex'),
    }
    const body = `${encode({ alg: 'RS512', typ: 'JWT', kid: 'k1' })}.${encode({ ...claims, exp: Math.floor(Date.now() / 1000) + 45 })}`
    const signature = createSign('RSA-SHA512').update(body).sign(privateKey, 'base64url')
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${body}.${signature}` }
    expect((await ask('box', app, form)).status).toBe(200)
    expect((await ask('box', app, form)).json.error_description).toContain('jti')
    expect((await ask('box', app, { ...form, assertion: `${body}.AAAA` })).json.error_description).toContain(
      'signature',
    )
  })

  it('faults: refused, cut in half after all is done, held until let go, and asked for by another process', async () => {
    const app = fake.control.addApp('box')
    const tokens = fake.control.mint('box', app.clientId)
    const control = controlAt(fake.controlUrl)
    const match = { host: 'api.box.com', path: '^/oauth2/token$' }
    await control.addFault({ match, times: 1, kind: 'status', status: 429, headers: { 'retry-after': '7' } })
    expect(await refresh(app, tokens.refreshToken)).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
    await control.addFault({ match, times: 1, kind: 'cut' })
    await expect(refresh(app, tokens.refreshToken)).rejects.toThrow()
    expect(fake.control.refreshTokens('box')).not.toContain(tokens.refreshToken)
    const held = await control.addFault({ match, times: 1, kind: 'hold' })
    const waiting = refresh(app, tokens.refreshToken)
    await expect.poll(() => control.met(held)).toBe(1)
    await control.clearFaults(held)
    expect((await waiting).status).toBe(200)
    expect(await control.countCalls({ ...match, status: 429 })).toBe(1)
  })
})

describe('the others', () => {
  const verifier = 'v'.repeat(43)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }

  it.each([
    [
      'drive',
      'https://accounts.google.com/o/oauth2/auth',
      { access_type: 'offline', prompt: 'consent', scope: 'https://www.googleapis.com/auth/drive' },
    ],
    [
      'dropbox',
      'https://www.dropbox.com/oauth2/authorize',
      { token_access_type: 'offline', scope: 'files.content.write' },
    ],
    [
      'onedrive',
      'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
      { scope: 'Files.ReadWrite offline_access' },
    ],
  ] as const)(
    '%s: the code verifier is checked, a refresh token comes where asked for, and stays',
    async (name, url, extra) => {
      const app = fake.control.addApp(name, { redirectUris: [callback] })
      const query = { response_type: 'code', client_id: app.clientId, redirect_uri: callback, ...extra, ...pkce }
      const exchange = async (code_verifier: string) => {
        const { code = '' } = (await grant(url, query)) as Record<string, string>
        return ask(name, app, { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier })
      }
      expect((await exchange('wrong')).json.error).toBe('invalid_grant')
      const tokens = (await exchange(verifier)).json
      expect(tokens).toMatchObject({ refresh_token: expect.any(String), scope: extra.scope })
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      expect((await ask(name, app, form)).status).toBe(200)
      expect((await ask(name, app, form)).json.refresh_token !== undefined).toBe(name === 'onedrive')
    },
  )

  it('tell whose account it is', async () => {
    const token = (name: ProviderName) =>
      bearer(fake.control.mint(name, fake.control.addApp(name).clientId).accessToken)
    const about = 'https://www.googleapis.com/drive/v3/about?fields=user,storageQuota'
    expect((await call(about, undefined, token('drive'))).json.user.emailAddress).toBe('ada@example.org')
    const account = 'https://api.dropboxapi.com/2/users/get_current_account'
    expect((await call(account, {}, token('dropbox'))).json.email).toBe('ada@example.org')
    const drive = 'https://graph.microsoft.com/v1.0/me/drive'
    expect((await call(drive, undefined, token('onedrive'))).json).toMatchObject({
      id: 'b!1001',
      driveType: 'business',
    })
  })

  it('nothing else can be reached through the proxy', async () => {
    await expect(call('https://www.example.org/')).rejects.toThrow()
  })
})
