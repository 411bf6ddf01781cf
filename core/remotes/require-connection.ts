import type { Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { RemoteInput } from './schema'

/** Throws Problem `wrong-connection` where a remote names a connection that is gone, or one of another provider. */
export async function requireConnection(transaction: Transaction, input: RemoteInput): Promise<void> {
  if (input.connectionId === undefined) return
  const connection = await transaction.connection.findUnique({ where: { id: input.connectionId } })
  if (connection?.provider === input.backend) return
  throw new Problem({
    code: 'wrong-connection',
    text: connection ? `“${connection.name}” is a connection of another provider.` : 'This connection is gone.',
    action: 'Choose a connection of this provider, or add one.',
    where: 'connectionId',
  })
}
