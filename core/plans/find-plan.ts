import type { Db, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** The row with its sources and its first target, or Problem `not-found`. */
export async function findPlan(database: Db | Transaction, id: string) {
  const plan = await database.plan.findUnique({
    where: { id },
    include: { sources: { select: { sourceId: true } }, targets: { orderBy: { position: 'asc' } } },
  })
  if (plan) return plan
  throw new Problem({ code: 'not-found', text: 'This plan is gone.', action: 'Go back to the list of plans.' })
}
