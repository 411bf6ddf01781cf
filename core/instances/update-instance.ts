import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { findInstance } from './find-instance'
import type { InstanceSettings } from './schema'

/** Changes what can be changed of an instance; the slug stays. Throws Problem `instance-not-found`. */
export async function updateInstance(actor: Actor, slug: string, input: InstanceSettings): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { id } = await findInstance(slug, transaction)
    await transaction.instance.update({ where: { id }, data: input })
    await recordAuditEvent(transaction, {
      actor,
      action: 'instance.edit',
      subject: { kind: 'instance', id },
      instanceId: id,
      detail: input,
    })
  })
}
