import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findConnection } from './find-connection'

/** Forgets a connection and its secrets. Throws Problem `connection-in-use` while remotes use it, `still-connected`. */
export async function deleteConnection(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const connection = await findConnection(transaction, id)
    const remotes = await transaction.remote.findMany({ where: { connectionId: id }, select: { name: true }, take: 5 })
    if (remotes.length > 0)
      throw new Problem({
        code: 'connection-in-use',
        text: `Remotes use this connection: ${remotes.map(({ name }) => name).join(', ')}.`,
        action: 'Let them use another connection, or remove them first.',
      })
    if (connection.tokens !== null && connection.method !== 'service' && connection.state === 'connected')
      throw new Problem({
        code: 'still-connected',
        text: 'It is still connected.',
        action: 'Disconnect it first, so that its sign-in ends at the provider too.',
      })
    await transaction.connection.delete({ where: { id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'connection.delete',
      subject: { kind: 'connection', id },
      detail: { slug: connection.slug, provider: connection.provider.id },
    })
  })
}
