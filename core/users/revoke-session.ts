import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Ends one of the actor's own sessions at once. Throws Problem `session-not-found` for a stranger's. */
export async function revokeSession(actor: Actor, input: { sessionId: string }): Promise<void> {
  await db().$transaction(async (transaction) => {
    const revoked = await transaction.session.updateMany({
      where: { id: input.sessionId, userId: actor.id ?? '', revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (revoked.count === 0)
      throw new Problem({
        code: 'session-not-found',
        text: 'This session is over already.',
        action: 'Load the page again.',
      })
    await recordAuditEvent(transaction, {
      actor,
      action: 'session.revoke',
      subject: { kind: 'session', id: input.sessionId },
    })
  })
}
