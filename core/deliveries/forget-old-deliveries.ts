import { db } from '@/lib/db'

const keptDays = 180
const keptIncidentDays = 730
const dayMilliseconds = 86_400_000

/** The log of messages goes back half a year, that of incidents two years. What still waits stays. */
export async function forgetOldDeliveries(now = new Date()): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * dayMilliseconds)
  await db().delivery.deleteMany({ where: { state: { not: 'waiting' }, createdAt: { lt: before(keptDays) } } })
  await db().incident.deleteMany({ where: { closedAt: { lt: before(keptIncidentDays) } } })
}
