import { db } from '@/lib/db'

const keptMilliseconds = 24 * 3_600_000

/** Checks that nobody has confirmed. */
export async function forgetOldChecks(now = new Date()): Promise<void> {
  await db().restoreCheck.deleteMany({ where: { madeAt: { lt: new Date(now.getTime() - keptMilliseconds) } } })
}
