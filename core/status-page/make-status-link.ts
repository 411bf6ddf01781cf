import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { findInstance } from '@/core/instances/find-instance'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'

/**
 * Switches an instance's status page on under a new link, which ends the one before, and resolves to that link. It is shown once: only
 * the hash of its token is kept. Throws Problem `instance-not-found`.
 */
export async function makeStatusLink(actor: Actor, slug: string, now = new Date()): Promise<string> {
  const token = randomToken()
  const tokenHash = sha256Hex(token)
  await db().$transaction(async (transaction) => {
    const { id: instanceId } = await findInstance(slug, transaction)
    const before = await transaction.statusLink.findUnique({ where: { instanceId } })
    await transaction.statusLink.upsert({
      where: { instanceId },
      create: { instanceId, tokenHash, createdAt: now },
      update: { tokenHash, createdAt: now },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: before ? 'status-link.renew' : 'status-link.make',
      subject: { kind: 'instance', id: instanceId },
      instanceId,
    })
  })
  return `${controlPlaneEnv().publicUrl}/status/${token}`
}
