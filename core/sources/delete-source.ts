import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findSource } from './find-source'

/** Forgets a source; its backups stay. Throws Problem `source-not-found`, or `source-in-use` while a plan uses it. */
export async function deleteSource(actor: Actor, instanceSlug: string, slug: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const source = await findSource(instanceSlug, slug, transaction)
    if (source.plans.length)
      throw new Problem({
        code: 'source-in-use',
        text: `A plan uses this source: ${source.plans.map(({ plan }) => plan.name).join(', ')}.`,
        action: 'Take it out of the plan first.',
      })
    await transaction.source.delete({ where: { id: source.id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'source.delete',
      subject: { kind: 'source', id: source.id },
      instanceId: source.instanceId,
      detail: { slug, kind: source.kind },
    })
  })
}
