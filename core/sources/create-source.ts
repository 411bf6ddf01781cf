import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { findInstance } from '@/core/instances/find-instance'
import { db, isUniqueViolation } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertWorker } from './assert-worker'
import { type CreateSourceInput, settingsOf } from './schema'
import { sealConnection } from './source-spec'

/** Adds a source to an instance, its connection sealed. Throws Problem `instance-not-found`, `unknown-worker`, `slug-taken`. */
export async function createSource(actor: Actor, instanceSlug: string, input: CreateSourceInput): Promise<string> {
  const id = randomUUID()
  const { kind, slug, workerId } = input
  try {
    await db().$transaction(async (transaction) => {
      const instance = await findInstance(instanceSlug, transaction)
      await assertWorker(transaction, instance.id, workerId)
      await transaction.source.create({
        data: {
          id,
          instanceId: instance.id,
          workerId,
          slug,
          kind,
          settings: settingsOf(input),
          secrets: input.kind === 'mongodb' ? sealConnection(id, input.connection) : null,
        },
      })
      await recordAuditEvent(transaction, {
        actor,
        action: 'source.create',
        subject: { kind: 'source', id },
        instanceId: instance.id,
        detail: { slug, kind },
      })
    })
    return id
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'slug-taken',
      text: `This instance already has a source “${slug}”.`,
      action: 'Choose another slug.',
      where: 'slug',
    })
  }
}
