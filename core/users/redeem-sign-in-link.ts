import type { z } from 'zod'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { sha256Hex } from '@/lib/crypto'
import { db, type Transaction } from '@/lib/db'
import { hashPassword } from '@/lib/password'
import { Problem } from '@/protocol/problem'
import { openSession, type Visitor } from './open-session'
import type { firstRunSchema, recoverySchema } from './schema'

export type SignInLinkFacts =
  | { purpose: 'first-run' }
  | { purpose: 'recovery'; administrators: { id: string; name: string; email: string }[] }

/** What a link is good for: the first administrator, or, where there is one, a new password. Throws Problem `link-invalid`. */
export async function inspectSignInLink(token: string, now = new Date()): Promise<SignInLinkFacts> {
  const link = await db().signInLink.findUnique({ where: { tokenHash: sha256Hex(token) } })
  if (!link || link.usedAt || link.expiresAt <= now) throw invalidLink()
  const administrators = await listAdministrators(db())
  return administrators.length ? { purpose: 'recovery', administrators } : { purpose: 'first-run' }
}

/** Makes the first administrator and a session for them; returns its ticket. */
export async function createFirstAdministrator(
  token: string,
  input: z.output<typeof firstRunSchema>,
  visitor: Visitor,
  now = new Date(),
): Promise<string> {
  const passwordHash = await hashPassword(input.password)
  return db().$transaction(async (transaction) => {
    await spendLink(transaction, token, now)
    if ((await listAdministrators(transaction)).length) throw invalidLink()
    const user = await transaction.user.upsert({
      where: { email: input.email },
      create: { email: input.email, name: input.name, passwordHash, role: 'admin' },
      update: { name: input.name, passwordHash, role: 'admin', disabledAt: null },
    })
    await recordAuditEvent(transaction, {
      actor: { kind: 'terminal', id: null, name: null },
      action: 'user.create',
      subject: { kind: 'user', id: user.id },
      detail: { email: user.email, role: 'admin' },
    })
    return openSession(transaction, user.id, visitor, now)
  })
}

/** Gives an administrator a new password, ends their sessions and lets them in; returns the new session's ticket. */
export async function recoverAdministrator(
  token: string,
  input: z.output<typeof recoverySchema>,
  visitor: Visitor,
  now = new Date(),
): Promise<string> {
  const passwordHash = await hashPassword(input.password)
  return db().$transaction(async (transaction) => {
    await spendLink(transaction, token, now)
    const user = (await listAdministrators(transaction)).find(({ id }) => id === input.userId)
    if (!user) throw invalidLink()
    await transaction.user.update({ where: { id: user.id }, data: { passwordHash } })
    await transaction.session.updateMany({ where: { userId: user.id, revokedAt: null }, data: { revokedAt: now } })
    await transaction.signInThrottle.deleteMany({ where: { key: `account:${user.email}` } })
    await recordAuditEvent(transaction, {
      actor: { kind: 'terminal', id: null, name: null },
      action: 'user.recover',
      subject: { kind: 'user', id: user.id },
    })
    return openSession(transaction, user.id, visitor, now)
  })
}

function listAdministrators(transaction: Transaction) {
  return transaction.user.findMany({
    where: { role: 'admin', disabledAt: null },
    orderBy: { createdAt: 'asc' },
    select: { id: true, name: true, email: true },
  })
}

async function spendLink(transaction: Transaction, token: string, now: Date): Promise<void> {
  const used = await transaction.signInLink.updateMany({
    where: { tokenHash: sha256Hex(token), usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  })
  if (used.count === 0) throw invalidLink()
}

function invalidLink(): Problem {
  return new Problem({
    code: 'link-invalid',
    text: 'This link has been used already, has expired, or was replaced by a newer one.',
    action: 'Make a new link on the server, where Talekeeper is installed.',
  })
}
