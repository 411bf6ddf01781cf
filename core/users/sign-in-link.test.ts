import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Db } from '@/lib/db'
import { findLiveSession, redeemTicket } from '@/lib/sessions'
import { openTestDatabase } from '@/scripts/test-database'
import { createUser } from '@/scripts/test-rows'
import { makeSignInLink } from './make-sign-in-link'
import { createFirstAdministrator, inspectSignInLink, recoverAdministrator } from './redeem-sign-in-link'
import { firstRunSchema } from './schema'

// argon2 is slow on purpose, and slower while other tests run beside
vi.setConfig({ testTimeout: 60_000 })

/** Promise: no default password anywhere; whoever holds the server's terminal, and nobody else, makes the first administrator. */

const start = new Date('2026-11-23T12:00:00Z')
const later = (hours: number) => new Date(start.getTime() + hours * 3_600_000)
const visitor = { address: null, userAgent: null }
const password = 'correct horse battery'
const twice = { password, passwordAgain: password }
const ada = { name: 'Ada', email: 'ada@example.org', ...twice }

let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())
beforeEach(async () => {
  await db.user.deleteMany()
})

async function makeToken(now = start): Promise<string> {
  const { url } = await makeSignInLink('https://backups.example.org', now)
  return new URL(url).searchParams.get('token') ?? ''
}

test('the first link makes the administrator and lets them in', async () => {
  const token = await makeToken()
  expect(await inspectSignInLink(token, start)).toEqual({ purpose: 'first-run' })
  const ticket = await createFirstAdministrator(token, ada, visitor, start)
  const sessionId = await redeemTicket(ticket, start)
  expect(await findLiveSession(sessionId ?? '', start)).toMatchObject({ user: { name: 'Ada', role: 'admin' } })
})

test('a link works once, for a day, and only the newest', async () => {
  const invalid = { code: 'link-invalid' }
  const replaced = await makeToken()
  const token = await makeToken()
  await expect(inspectSignInLink(replaced, start)).rejects.toMatchObject(invalid)
  await expect(createFirstAdministrator(token, ada, visitor, later(24))).rejects.toMatchObject(invalid)
  await createFirstAdministrator(token, ada, visitor, later(23))
  await expect(inspectSignInLink(token, later(23))).rejects.toMatchObject(invalid)
  await expect(createFirstAdministrator(token, ada, visitor, later(23))).rejects.toMatchObject(invalid)
})

test('of two that use one link at once, one gets in', async () => {
  const token = await makeToken()
  const answers = await Promise.allSettled([
    createFirstAdministrator(token, ada, visitor, start),
    createFirstAdministrator(token, { ...ada, email: 'eve@example.org' }, visitor, start),
  ])
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await db.user.count()).toBe(1)
})

test('the token itself is nowhere in the database', async () => {
  const token = await makeToken()
  expect(JSON.stringify(await db.signInLink.findMany())).not.toContain(token)
})

test('where there is an administrator, a link only gives a new password, and ends their sessions', async () => {
  const user = await createUser(db, { email: 'ada@example.org' })
  const before = await db.session.create({ data: { userId: user.id, expiresAt: later(100) } })
  const viewer = await createUser(db, { role: 'viewer' })
  const token = await makeToken()
  const facts = await inspectSignInLink(token, start)
  expect(facts).toMatchObject({ purpose: 'recovery', administrators: [{ email: 'ada@example.org' }] })
  await expect(createFirstAdministrator(token, ada, visitor, start)).rejects.toMatchObject({ code: 'link-invalid' })
  await expect(recoverAdministrator(token, { userId: viewer.id, ...twice }, visitor, start)).rejects.toMatchObject({
    code: 'link-invalid',
  })
  await recoverAdministrator(token, { userId: user.id, ...twice }, visitor, start)
  expect(await findLiveSession(before.id, start)).toBeNull()
})

test.each([
  ['short', { ...ada, password: 'short', passwordAgain: 'short' }, 'password'],
  ['of one character', { ...ada, password: 'a'.repeat(20), passwordAgain: 'a'.repeat(20) }, 'password'],
  ['with the e-mail name', { ...ada, password: 'my name is ada', passwordAgain: 'my name is ada' }, 'password'],
  ['that differs the second time', { ...ada, passwordAgain: 'something else' }, 'passwordAgain'],
])('a password %s is refused', (_name, input, field) => {
  expect(firstRunSchema.safeParse(input).error?.issues[0]?.path[0]).toBe(field)
})
