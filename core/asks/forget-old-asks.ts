import { db } from '@/lib/db'

const keptMilliseconds = 24 * 3_600_000

/** Questions are of use while somebody waits for the answer, and for a day to look after. */
export async function forgetOldAsks(now = new Date()): Promise<void> {
  await db().ask.deleteMany({ where: { askedAt: { lt: new Date(now.getTime() - keptMilliseconds) } } })
}
