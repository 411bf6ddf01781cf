import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** A source of an instance by both slugs, with the names of the plans that use it. Throws Problem `source-not-found`. */
export async function findSource(instanceSlug: string, slug: string, transaction: Transaction = db()) {
  const source = await transaction.source.findFirst({
    where: { slug, instance: { slug: instanceSlug } },
    include: { plans: { select: { plan: { select: { id: true, name: true } } } } },
  })
  if (source) return source
  throw new Problem({
    code: 'source-not-found',
    text: `There is no source “${slug.slice(0, 60)}”.`,
    action: 'Go back to the instance; it may have been deleted.',
  })
}
