import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { findChannel } from './find-channel'

/** Removes a channel with its log of deliveries; what waited there is told to nobody. Throws Problem `not-found`. */
export async function deleteChannel(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { name, kind } = await findChannel(transaction, id)
    await transaction.channel.delete({ where: { id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'channel.delete',
      subject: { kind: 'channel', id },
      detail: { name, kind },
    })
  })
}
