import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { findInstance } from '@/core/instances/find-instance'
import { db } from '@/lib/db'

/** Switches an instance's status page off; its link leads nowhere from now on. Throws Problem `instance-not-found`. */
export async function removeStatusLink(actor: Actor, slug: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { id: instanceId } = await findInstance(slug, transaction)
    const { count } = await transaction.statusLink.deleteMany({ where: { instanceId } })
    if (count === 0) return
    await recordAuditEvent(transaction, {
      actor,
      action: 'status-link.remove',
      subject: { kind: 'instance', id: instanceId },
      instanceId,
    })
  })
}
