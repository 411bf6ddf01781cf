import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import { isPasswordOf } from '@/lib/password'
import { Problem } from '@/protocol/problem'
import { openSession, type Visitor } from './open-session'
import { countGuess, forgiveGuess } from './throttle'

/**
 * Checks e-mail and password and opens a session; returns its one-time ticket.
 * Throws Problem `wrong-credentials` (the same for an unknown and a disabled account) or `too-many-attempts`.
 */
export async function signIn(
  input: { email: string; password: string },
  visitor: Visitor,
  now = new Date(),
): Promise<string> {
  const guesser = { email: input.email, address: visitor.address }
  await countGuess(guesser, now)
  const user = await db().user.findUnique({ where: { email: input.email } })
  const isRight = await isPasswordOf(user && !user.disabledAt ? user.passwordHash : null, input.password)
  if (!user || !isRight) {
    log.warn({ address: visitor.address }, 'wrong e-mail or password')
    throw new Problem({
      code: 'wrong-credentials',
      text: 'E-mail or password is wrong.',
      action: 'A lost password of the only administrator is replaced by a sign-in link made on the server.',
    })
  }
  await forgiveGuess(guesser)
  return db().$transaction(async (transaction) => {
    const actor = { kind: 'user' as const, id: user.id, name: user.name, role: user.role }
    await recordAuditEvent(transaction, {
      actor,
      action: 'user.sign-in',
      subject: { kind: 'user', id: user.id },
      detail: { address: visitor.address },
    })
    return openSession(transaction, user.id, visitor, now)
  })
}
