import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findConnection } from './find-connection'
import type { EditInput } from './schema'
import { sealSecrets } from './sealed-secrets'

/**
 * Changes name, client and tenant of a connection; an empty client secret keeps the saved one. A sign-in belongs to its client:
 * with another client id the connection must be connected anew. Throws Problem `connection-not-found`, `secret-missing`.
 */
export async function updateConnection(actor: Actor, id: string, input: EditInput): Promise<void> {
  await db().$transaction(async (transaction) => {
    const connection = await findConnection(transaction, id)
    const isOther = input.clientId !== connection.clientId
    if (isOther && !input.clientSecret)
      throw new Problem({
        code: 'secret-missing',
        text: 'Another client id has a client secret of its own.',
        action: 'Enter the secret that belongs to it.',
        where: 'clientSecret',
      })
    await transaction.connection.update({
      where: { id },
      data: {
        ...{
          name: input.name,
          clientId: input.clientId,
          settings: input.tenant && connection.provider.hasTenant ? { tenant: input.tenant } : {},
        },
        ...(input.clientSecret ? { secrets: sealSecrets(id, { clientSecret: input.clientSecret }) } : {}),
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'connection.edit',
      subject: { kind: 'connection', id },
      detail: { slug: connection.slug, newClient: isOther, newSecret: input.clientSecret !== undefined },
    })
  })
}
