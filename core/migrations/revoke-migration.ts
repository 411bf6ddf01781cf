import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Withdraws a link: nobody redeems it any more, and no restore begins by it; one that goes on does so. Throws Problem `migration-over`. */
export async function revokeMigration(actor: Actor, id: string, now = new Date()): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { count } = await transaction.migration.updateMany({
      where: { id, revokedAt: null, expiresAt: { gt: now } },
      data: { revokedAt: now, connection: null },
    })
    if (count === 0)
      throw new Problem({ code: 'migration-over', text: 'This link was withdrawn before, or is too old already.' })
    const { instanceId } = await transaction.migration.findUniqueOrThrow({ where: { id } })
    const subject = { kind: 'migration', id }
    await recordAuditEvent(transaction, { actor, action: 'migration.revoke', subject, instanceId })
  })
}
