import { accountOf } from '@/core/connections/account'
import { isTaken } from '@/core/connections/check-connection'
import { getAccess } from '@/core/connections/get-access'
import { db } from '@/lib/db'
import { log } from '@/lib/log'

const keptDays = 60
const dayMilliseconds = 86_400_000

/**
 * Asks each provider once a day how full the account is, and keeps that for sixty days. It uses the access token that everyone has; an
 * account that does not answer is asked again at the next look, and a day without a sample is no harm.
 */
export async function measureRoom(now = new Date()): Promise<void> {
  const day = now.toISOString().slice(0, 10)
  await db().roomSample.deleteMany({ where: { at: { lt: new Date(now.getTime() - keptDays * dayMilliseconds) } } })
  const unmeasured = await db().connection.findMany({
    where: { state: 'connected', remotes: { some: {} }, roomSamples: { none: { day } } },
    select: { id: true, slug: true },
  })
  for (const { id, slug } of unmeasured) {
    try {
      if (await isTaken(id, await getAccess(id))) await keepSample(id, day, now)
    } catch (error) {
      log.warn({ err: error, connection: slug }, 'an account did not say how full it is; asked again')
    }
  }
}

/** Of an account that has a bound. */
async function keepSample(connectionId: string, day: string, at: Date): Promise<void> {
  const row = await db().connection.findUnique({ where: { id: connectionId }, select: { account: true } })
  const { usedBytes = null, quotaBytes = null } = accountOf(row?.account) ?? {}
  if (usedBytes === null || quotaBytes === null || quotaBytes <= 0) return
  const sample = { at, usedBytes, quotaBytes }
  await db().roomSample.upsert({
    where: { connectionId_day: { connectionId, day } },
    create: { connectionId, day, ...sample },
    update: sample,
  })
}
