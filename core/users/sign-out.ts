import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'

/** Revokes the session that a person signs out of; a copy of its cookie is worthless from then on. */
export async function signOut(session: {
  sessionId: string
  user: { id: string; name: string; role: 'viewer' | 'operator' | 'admin' }
}): Promise<void> {
  const { id, name, role } = session.user
  await db().$transaction(async (transaction) => {
    await transaction.session.updateMany({
      where: { id: session.sessionId, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    await recordAuditEvent(transaction, {
      actor: { kind: 'user', id, name, role },
      action: 'user.sign-out',
      subject: { kind: 'user', id },
    })
  })
}
