import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertWorker } from './assert-worker'
import { findSource } from './find-source'
import { settingsOf, type UpdateSourceInput } from './schema'
import { sealConnection } from './source-spec'

/**
 * Changes a source; slug and kind stay, and the connection too where none is given.
 * Throws Problem `source-not-found`, `unknown-worker`, or `source-in-use` when it would move to another worker while a plan
 * uses it: a backup of the plan that is under way would miss it.
 */
export async function updateSource(
  actor: Actor,
  instanceSlug: string,
  slug: string,
  input: UpdateSourceInput,
): Promise<void> {
  await db().$transaction(async (transaction) => {
    const source = await findSource(instanceSlug, slug, transaction)
    if (input.kind !== source.kind)
      throw new Problem({ code: 'kind-is-fixed', text: 'A source keeps its kind.', action: 'Load the page again.' })
    await assertWorker(transaction, source.instanceId, input.workerId)
    if (input.workerId !== source.workerId && source.plans.length)
      throw new Problem({
        code: 'source-in-use',
        text: `The source cannot move to another worker while a plan uses it: ${source.plans.map(({ plan }) => plan.name).join(', ')}.`,
        action: 'Take it out of the plan first.',
        where: 'workerId',
      })
    const connection = input.kind === 'mongodb' ? input.connection : undefined
    await transaction.source.update({
      where: { id: source.id },
      data: {
        workerId: input.workerId,
        settings: settingsOf(input),
        ...(connection ? { secrets: sealConnection(source.id, connection) } : {}),
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'source.edit',
      subject: { kind: 'source', id: source.id },
      instanceId: source.instanceId,
      detail: { slug, connectionReplaced: Boolean(connection) },
    })
  })
}
