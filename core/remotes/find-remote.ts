import type { Db, Remote, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** The row, or Problem `not-found`. */
export async function findRemote(database: Db | Transaction, id: string): Promise<Remote> {
  const remote = await database.remote.findUnique({ where: { id } })
  if (remote) return remote
  throw new Problem({ code: 'not-found', text: 'This remote is gone.', action: 'Go back to the list of remotes.' })
}
