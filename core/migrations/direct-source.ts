import { isReachedDirectly } from '@/core/sources/reach'
import type { Transaction } from '@/lib/db'

/** The id of the first MongoDB source of a worker that databases can be restored into; null: it has none. */
export async function directSourceOf(transaction: Transaction, workerId: string): Promise<string | null> {
  const sources = await transaction.source.findMany({ where: { workerId, kind: 'mongodb' }, orderBy: { slug: 'asc' } })
  return sources.find(isReachedDirectly)?.id ?? null
}
