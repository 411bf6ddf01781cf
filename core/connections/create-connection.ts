import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, isUniqueViolation, type Prisma } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findProvider } from './providers/find-provider'
import type { PersonInput } from './schema'
import { sealSecrets } from './sealed-secrets'

/** Saves a connection that nobody has signed in for yet, its client secret sealed. Throws Problem `slug-taken`. */
export async function createConnection(actor: Actor, input: PersonInput): Promise<{ id: string }> {
  const id = randomUUID()
  return insertConnection(actor, {
    ...{ id, slug: input.slug, name: input.name, provider: input.provider, method: 'web', clientId: input.clientId },
    settings: input.tenant && findProvider(input.provider).hasTenant ? { tenant: input.tenant } : {},
    secrets: sealSecrets(id, { clientSecret: input.clientSecret }),
  })
}

/** Inserts a connection with its audit event. Throws Problem `slug-taken`. */
export async function insertConnection(
  actor: Actor,
  data: Prisma.ConnectionUncheckedCreateInput & { id: string },
): Promise<{ id: string }> {
  try {
    return await db().$transaction(async (transaction) => {
      await transaction.connection.create({ data })
      await recordAuditEvent(transaction, {
        actor,
        action: 'connection.create',
        subject: { kind: 'connection', id: data.id },
        detail: { slug: data.slug, provider: data.provider, method: data.method },
      })
      return { id: data.id }
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'slug-taken',
      text: 'Another connection has this slug.',
      action: 'Choose another slug.',
      where: 'slug',
    })
  }
}
