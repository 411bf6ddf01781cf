import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { refusalOf } from '@/core/restores/restore-rules'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findRefresh } from './find-refresh'

/**
 * Has a refresh begin now, once what its last run keeps beside is dropped. Throws Problem `not-found`, `forbidden`,
 * `refresh-at-work`.
 */
export async function wantRefresh(actor: Actor, id: string, now = new Date()): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { instanceId } = await findRefresh(transaction, id)
    const { environment } = await transaction.instance.findUniqueOrThrow({ where: { id: instanceId } })
    const refusal = refusalOf(actor, { environment, isOther: true, isInPlace: true })
    if (refusal) throw refusal
    const atWork = await transaction.restore.count({ where: { refreshId: id, state: { in: ['queued', 'running'] } } })
    if (atWork > 0)
      throw new Problem({ code: 'refresh-at-work', text: 'It is at work already.', action: 'Open its last run.' })
    await transaction.refresh.update({ where: { id }, data: { wantedAt: now } })
    const subject = { kind: 'refresh', id }
    await recordAuditEvent(transaction, { actor, action: 'refresh.run', subject, instanceId })
  })
}
