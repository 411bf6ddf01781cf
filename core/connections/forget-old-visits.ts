import { db } from '@/lib/db'

const dayMilliseconds = 86_400_000
/** no run lasts so long */
const leaseDays = 40

/** Visits to a provider are of use for a day, leases as long as a run may last. */
export async function forgetOldVisits(now = new Date()): Promise<void> {
  await db().connectAttempt.deleteMany({ where: { createdAt: { lt: new Date(now.getTime() - dayMilliseconds) } } })
  await db().accessLease.deleteMany({
    where: { createdAt: { lt: new Date(now.getTime() - leaseDays * dayMilliseconds) } },
  })
}
