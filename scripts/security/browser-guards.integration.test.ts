import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { stopProcess } from '@/scripts/servers/process'
import { type Stack, startStack } from '@/scripts/stack'
import { createBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { Browser } from './browser'
import { databaseState } from './database-state'
import { actionNamed, signedIn } from './people'
import { listActions, listRoutes } from './site'

const password = 'correct horse battery staple'
const anyName = () => 'any'
const actions = listActions(anyName)
const createInstance = actionNamed(actions, 'createInstanceAction')
const signIn = actionNamed(actions, 'signInAction')

let folder: string
let stack: Stack
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-browser-'))
  // as behind a reverse proxy with TLS
  stack = await startStack(folder, { PUBLIC_URL: 'https://backups.example.org' })
  await stopProcess(stack.control)
  Object.assign(process.env, stack.environment)
  await fetch(`${stack.url}/api/health`)
})
afterAll(async () => {
  await db().$disconnect()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the session cookie is for our server only: HttpOnly, SameSite=Lax, Secure behind HTTPS', async () => {
  const browser = await signedIn(stack.url, actions, 'viewer', password)
  const user = await db().user.findFirstOrThrow()
  const answer = await browser.act(signIn, { email: user.email, password })
  const session = answer.headers.getSetCookie().find((line) => line.includes('session-token='))
  expect(session).toMatch(/^__Secure-/)
  for (const flag of ['HttpOnly', 'SameSite=Lax', 'Secure', 'Path=/'])
    expect(session?.toLowerCase().split('; ')).toContain(flag.toLowerCase())
})

/** Promise: no other site makes an administrator's browser act. */
test.each(['https://evil.example', 'null', 'https://localhost.evil.example'])(
  'an action asked for by %s is refused',
  async (origin) => {
    const browser = await signedIn(stack.url, actions, 'admin', password)
    const form = { slug: 'foreign', name: 'Foreign', environment: 'testing' }
    const before = await databaseState()
    const answer = await browser.act(createInstance, form, { headers: { origin } })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    // a plain form of another page, which needs no script
    const plain = new FormData()
    for (const [name, value] of Object.entries({ ...form, [`$ACTION_ID_${createInstance.id}`]: '' }))
      plain.append(name, value)
    const posted = await browser.send('/instances/new', { method: 'POST', headers: { origin }, body: plain })
    expect(posted.status).toBeGreaterThanOrEqual(400)
    expect(await databaseState()).toBe(before)
  },
)

test('the same action from our own page works: the refusals above are not for another reason', async () => {
  const browser = await signedIn(stack.url, actions, 'admin', password)
  const answer = await browser.act(createInstance, { slug: 'own', name: 'Own', environment: 'testing' })
  expect(answer.text).toContain('"ok":true')
  expect(await db().instance.count({ where: { slug: 'own' } })).toBe(1)
})

test('no route that a cookie opens changes anything, and none lets other sites read', async () => {
  for (const { path, methods } of listRoutes(anyName))
    if (!path.startsWith('/api/worker/') && path !== '/api/broker/token')
      expect([path, methods]).toEqual([path, ['GET']])
  const browser = await signedIn(stack.url, actions, 'viewer', password)
  const { headers } = await browser.get('/api/health', { origin: 'https://evil.example' })
  expect(headers.get('access-control-allow-origin')).toBeNull()
})

test('downloads are attachments that browsers neither guess about nor run; pages keep a policy with a nonce', async () => {
  const { instance, plan } = await createScene(db())
  const backup = await createBackup(db(), { instanceId: instance.id, planId: plan.id, planSlug: plan.slug })
  const browser = await signedIn(stack.url, actions, 'viewer', password)
  const { status, headers } = await browser.get(`/api/backups/${backup.id}/log`)
  expect(status).toBe(200)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[a-z0-9.Z-]+"$/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox")
  const page = await browser.get('/')
  const nonce = /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
  expect(nonce).toBeTruthy()
  expect(page.text).toContain(`nonce="${nonce}"`)
  expect(page.headers.get('x-frame-options')).toBe('DENY')
})

test('whoever guesses passwords does not choose the address that is counted', async () => {
  const stranger = new Browser(stack.url)
  for (const forged of ['203.0.113.1', '203.0.113.2, 203.0.113.3', '::ffff:203.0.113.4'])
    await stranger.act(
      signIn,
      { email: `${forged.length}@example.org`, password: 'a wrong one' },
      { headers: { 'x-forwarded-for': forged, 'x-talekeeper-client-address': forged, 'x-real-ip': forged } },
    )
  const rows = await db().signInThrottle.findMany({ where: { key: { startsWith: 'address:' } } })
  expect(rows.map(({ key }) => key)).toEqual([expect.stringMatching(/^address:(127\.0\.0\.1|::1)$/)])
  expect(rows[0]?.failures).toBe(3)
})
