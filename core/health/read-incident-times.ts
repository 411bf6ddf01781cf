import { db } from '@/lib/db'
import { groupBy } from './group-by'

const planPrefix = 'plan:'

/** By plan when incidents of it opened since then, whether they are still open or not. */
export async function readIncidentTimes(since: Date): Promise<Map<string, Date[]>> {
  const rows = await db().incident.findMany({
    where: { subject: { startsWith: planPrefix }, openedAt: { gte: since } },
    select: { subject: true, openedAt: true },
  })
  const byPlan = groupBy(rows, ({ subject }) => subject.slice(planPrefix.length))
  return new Map([...byPlan].map(([planId, ofPlan]) => [planId, ofPlan.map(({ openedAt }) => openedAt)]))
}
