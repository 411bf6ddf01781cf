import type { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Instance, isUniqueViolation } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { createInstanceSchema } from './schema'

/** Registers an instance. Throws Problem `slug-taken`. */
export async function createInstance(actor: Actor, input: z.output<typeof createInstanceSchema>): Promise<Instance> {
  try {
    return await db().$transaction(async (transaction) => {
      const { id, ...facts } = input
      const instance = await transaction.instance.create({ data: { ...facts, ...(id ? { id } : {}) } })
      await recordAuditEvent(transaction, {
        actor,
        action: 'instance.create',
        subject: { kind: 'instance', id: instance.id },
        instanceId: instance.id,
        detail: { ...facts, formerId: id ?? null },
      })
      return instance
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'slug-taken',
      text: `There is already an instance “${input.slug}”${input.id ? ', or one of this id' : ''}.`,
      action: 'Choose another slug.',
      where: 'slug',
    })
  }
}
