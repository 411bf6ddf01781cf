import type { Refresh, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Throws Problem `not-found`. */
export async function findRefresh(transaction: Transaction, id: string): Promise<Refresh> {
  const refresh = await transaction.refresh.findUnique({ where: { id } })
  if (refresh) return refresh
  throw new Problem({ code: 'not-found', text: 'This refresh is gone.', action: 'Go back to the list of restores.' })
}
