import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, Prisma } from '@/lib/db'
import { log } from '@/lib/log'
import { findConnection, type FoundConnection } from './find-connection'
import { noTurn } from './refresh-turn'
import { type Tokens, unsealSecrets, unsealTokens } from './sealed-secrets'

/**
 * Forgets the tokens at once, so that no run gets access any more, and ends the grant at the provider. `toDoByHand`: what a
 * person must do there, where the provider did not do it; null: nothing. Throws Problem `connection-not-found`.
 */
export async function disconnect(actor: Actor, id: string): Promise<{ toDoByHand: string | null }> {
  const before = await db().$transaction(async (transaction) => {
    const connection = await findConnection(transaction, id)
    await transaction.connection.update({
      where: { id },
      data: {
        ...{ state: 'disconnected', tokens: null, tokenVersion: { increment: 1 }, replaceVersion: null },
        ...{ diesAt: null, problem: Prisma.DbNull, ...noTurn },
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'connection.disconnect',
      subject: { kind: 'connection', id },
      detail: { slug: connection.slug },
    })
    return connection
  })
  const tokens = unsealTokens(before)
  if (!tokens || before.method === 'service') return { toDoByHand: null }
  return { toDoByHand: (await isRevoked(before, tokens)) ? null : before.provider.revokeByHand }
}

async function isRevoked(connection: FoundConnection, tokens: Tokens): Promise<boolean> {
  const secrets = unsealSecrets(connection)
  const clientSecret = secrets && 'clientSecret' in secrets ? secrets.clientSecret : ''
  try {
    const { revoke } = connection.provider
    return (await revoke?.({ ...tokens, clientId: connection.clientId ?? '', clientSecret })) ?? false
  } catch (error) {
    log.warn({ err: error, connection: connection.slug }, 'the grant could not be ended at the provider')
    return false
  }
}
