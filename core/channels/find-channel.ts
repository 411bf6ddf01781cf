import type { Channel, Db, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Throws Problem `not-found`. */
export async function findChannel(database: Db | Transaction, id: string): Promise<Channel> {
  const channel = await database.channel.findUnique({ where: { id } })
  if (channel) return channel
  throw new Problem({
    code: 'not-found',
    text: 'This channel does not exist, or was removed.',
    action: 'Go back to the list of channels.',
  })
}
