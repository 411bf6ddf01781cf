import type { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { hashPassword, isPasswordOf } from '@/lib/password'
import { Problem } from '@/protocol/problem'
import type { changePasswordSchema } from './schema'
import { countGuess, forgiveGuess } from './throttle'

/**
 * Replaces the actor's own password and ends all their sessions but `keptSessionId`.
 * Throws Problem `wrong-credentials` or `too-many-attempts`: whoever finds an open browser may not guess without end.
 */
export async function changePassword(
  actor: Actor,
  input: z.output<typeof changePasswordSchema>,
  keptSessionId: string,
  now = new Date(),
): Promise<void> {
  const user = await db().user.findUniqueOrThrow({ where: { id: actor.id ?? '' } })
  const guesser = { email: user.email, address: null }
  await countGuess(guesser, now)
  if (!(await isPasswordOf(user.passwordHash, input.currentPassword)))
    throw new Problem({
      code: 'wrong-credentials',
      text: 'This is not your present password.',
      where: 'currentPassword',
    })
  await forgiveGuess(guesser)
  const passwordHash = await hashPassword(input.password)
  await db().$transaction(async (transaction) => {
    await transaction.user.update({ where: { id: user.id }, data: { passwordHash } })
    await transaction.session.updateMany({
      where: { userId: user.id, revokedAt: null, id: { not: keptSessionId } },
      data: { revokedAt: now },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'user.change-password',
      subject: { kind: 'user', id: user.id },
    })
  })
}
