import type { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { findInstance } from './find-instance'
import type { updateInstanceSchema } from './schema'

/** Changes name and environment; the slug stays. Throws Problem `instance-not-found`. */
export async function updateInstance(
  actor: Actor,
  slug: string,
  input: z.output<typeof updateInstanceSchema>,
): Promise<void> {
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
