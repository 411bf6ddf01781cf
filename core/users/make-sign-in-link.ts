import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'

const linkSeconds = 86_400

/**
 * A one-time link for whoever stands at the server's terminal: makes the first administrator, or gives a lost administrator a
 * new password. Works for a day; earlier links stop working. Only its hash is kept.
 */
export async function makeSignInLink(publicUrl: string, now = new Date()): Promise<{ url: string; expiresAt: Date }> {
  const token = randomToken()
  const expiresAt = new Date(now.getTime() + linkSeconds * 1000)
  await db().$transaction(async (transaction) => {
    await transaction.signInLink.deleteMany({ where: { usedAt: null } })
    const link = await transaction.signInLink.create({
      data: { tokenHash: sha256Hex(token), createdAt: now, expiresAt },
    })
    await recordAuditEvent(transaction, {
      actor: { kind: 'terminal', id: null, name: null },
      action: 'sign-in-link.make',
      subject: { kind: 'sign-in-link', id: link.id },
    })
  })
  return { url: `${publicUrl}/first-run?token=${token}`, expiresAt }
}
