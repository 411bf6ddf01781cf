import { db, type Instance, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** An instance by its slug. Throws Problem `instance-not-found`. */
export async function findInstance(slug: string, transaction: Transaction = db()): Promise<Instance> {
  const instance = await transaction.instance.findUnique({ where: { slug } })
  if (instance) return instance
  throw new Problem({
    code: 'instance-not-found',
    text: `There is no instance “${slug.slice(0, 60)}”.`,
    action: 'Go back to the list of instances; it may have been deleted.',
  })
}
