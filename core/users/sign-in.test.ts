import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Db } from '@/lib/db'
import { hashPassword } from '@/lib/password'
import { findLiveSession, redeemTicket } from '@/lib/sessions'
import { openTestDatabase } from '@/scripts/test-database'
import { createUser } from '@/scripts/test-rows'
import { changePassword } from './change-password'
import { revokeSession } from './revoke-session'
import { signIn } from './sign-in'
import { signOut } from './sign-out'
import { countGuess } from './throttle'

// argon2 is slow on purpose, and slower while other tests run beside
vi.setConfig({ testTimeout: 60_000 })

const password = 'correct horse battery'
const visitor = { address: '192.0.2.1', userAgent: 'test' }
const start = new Date('2026-11-23T12:00:00Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)

let db: Db
let close: () => Promise<void>
let passwordHash: string
beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  passwordHash = await hashPassword(password)
})
afterAll(() => close())
beforeEach(async () => {
  await db.signInThrottle.deleteMany()
  await db.user.deleteMany()
  await createUser(db, { email: 'ada@example.org', name: 'Ada', passwordHash })
})

const right = { email: 'ada@example.org', password }
const wrong = { email: 'ada@example.org', password: 'not this one' }

async function openSessionOfAda(now = start) {
  const id = await redeemTicket(await signIn(right, visitor, now), now)
  if (!id) throw new Error('no session')
  return id
}

describe('guessing passwords is slowed down', () => {
  test('a wrong password, an unknown account and a disabled one get the same answer', async () => {
    await createUser(db, { email: 'gone@example.org', passwordHash, disabledAt: start })
    const answers = [wrong, { ...right, email: 'nobody@example.org' }, { ...right, email: 'gone@example.org' }]
    for (const input of answers)
      await expect(signIn(input, visitor, start)).rejects.toMatchObject({ code: 'wrong-credentials' })
  })

  test('after five failures the account waits, even for the right password, and ever longer', async () => {
    for (let count = 0; count < 5; count++)
      await expect(signIn(wrong, visitor, start)).rejects.toMatchObject({ code: 'wrong-credentials' })
    await expect(signIn(right, visitor, start)).rejects.toMatchObject({ code: 'too-many-attempts' })
    await expect(signIn(wrong, visitor, later(3))).rejects.toMatchObject({ code: 'wrong-credentials' })
    await expect(signIn(right, visitor, later(6))).rejects.toMatchObject({ code: 'too-many-attempts' })
    await expect(signIn(right, visitor, later(8))).resolves.toBeTruthy()
  })

  test('guesses at the same moment gain nothing', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 12 }, () => signIn(wrong, visitor, start)))
    const codes = answers.map((answer) => answer.status === 'rejected' && answer.reason.code)
    expect(codes.filter((code) => code === 'wrong-credentials')).toHaveLength(5)
    expect(codes.filter((code) => code === 'too-many-attempts')).toHaveLength(7)
  })

  test('one address cannot try many accounts', async () => {
    for (let count = 0; count < 20; count++)
      await countGuess({ email: `user${count}@example.org`, address: visitor.address }, start)
    await expect(signIn(right, visitor, start)).rejects.toMatchObject({ code: 'too-many-attempts' })
    await expect(signIn(right, { ...visitor, address: '192.0.2.2' }, start)).resolves.toBeTruthy()
  })

  test('a right password clears the account', async () => {
    for (let count = 0; count < 4; count++) await countGuess({ email: right.email, address: null }, start)
    await signIn(right, visitor, start)
    for (let count = 0; count < 4; count++)
      await expect(signIn(wrong, visitor, start)).rejects.toMatchObject({ code: 'wrong-credentials' })
  })
})

describe('sessions', () => {
  test('a ticket works once, and for a minute', async () => {
    const ticket = await signIn(right, visitor, start)
    expect(await redeemTicket(ticket, later(59))).toBeTruthy()
    expect(await redeemTicket(ticket, later(59))).toBeNull()
    expect(await redeemTicket(await signIn(right, visitor, start), later(61))).toBeNull()
    expect(await redeemTicket('no such ticket', start)).toBeNull()
  })

  test('of two that redeem one ticket at once, one gets in', async () => {
    const ticket = await signIn(right, visitor, start)
    const ids = await Promise.all([redeemTicket(ticket, start), redeemTicket(ticket, start)])
    expect(ids.filter(Boolean)).toHaveLength(1)
  })

  test('a session ends at once when it is revoked, signed out of, expired, or its account disabled', async () => {
    const user = await db.user.findUniqueOrThrow({ where: { email: right.email } })
    const actor = { kind: 'user' as const, id: user.id, name: user.name, role: user.role }
    const [revoked, left, expired] = [await openSessionOfAda(), await openSessionOfAda(), await openSessionOfAda()]

    await revokeSession(actor, { sessionId: revoked })
    expect(await findLiveSession(revoked, start)).toBeNull()
    await signOut({ sessionId: left, user: { id: user.id, name: user.name, role: user.role } })
    expect(await findLiveSession(left, start)).toBeNull()
    expect(await findLiveSession(expired, later(14 * 86_400))).toBeNull()
    expect(await findLiveSession(expired, start)).toMatchObject({ user: { name: 'Ada' } })
    await db.user.update({ where: { id: user.id }, data: { disabledAt: start } })
    expect(await findLiveSession(expired, start)).toBeNull()
  })

  test('nobody can end a stranger’s session', async () => {
    const stranger = await createUser(db)
    const sessionId = await openSessionOfAda()
    const actor = { kind: 'user' as const, id: stranger.id, name: stranger.name, role: stranger.role }
    await expect(revokeSession(actor, { sessionId })).rejects.toMatchObject({ code: 'session-not-found' })
    expect(await findLiveSession(sessionId, start)).not.toBeNull()
  })

  test('a new password ends all other sessions', async () => {
    const user = await db.user.findUniqueOrThrow({ where: { email: right.email } })
    const actor = { kind: 'user' as const, id: user.id, name: user.name, role: user.role }
    const [kept, other] = [await openSessionOfAda(), await openSessionOfAda()]
    const next = 'another long password'
    const input = { currentPassword: password, password: next, passwordAgain: next }
    await expect(changePassword(actor, { ...input, currentPassword: 'wrong' }, kept, start)).rejects.toMatchObject({
      where: 'currentPassword',
    })
    await changePassword(actor, input, kept, start)
    expect(await findLiveSession(kept, start)).not.toBeNull()
    expect(await findLiveSession(other, start)).toBeNull()
    await expect(signIn({ ...right, password: next }, visitor, start)).resolves.toBeTruthy()
  })
})
