import { db } from '@/lib/db'
import { log } from '@/lib/log'
import { isTaken } from './check-connection'
import { getAccess } from './get-access'

const keepAliveDays = 7
const dayMilliseconds = 86_400_000

/**
 * Refreshes what nobody used for a week, long before its provider lets it die. It asks for the access token as everyone does, so
 * that a token that a run holds is never refreshed under its hands.
 */
export async function keepConnectionsAlive(now = new Date()): Promise<void> {
  const idle = await db().connection.findMany({
    where: {
      ...{ state: 'connected', diesAt: { not: null } },
      refreshedAt: { lt: new Date(now.getTime() - keepAliveDays * dayMilliseconds) },
    },
    select: { id: true, slug: true, tokenVersion: true },
  })
  for (const { id, slug, tokenVersion } of idle) {
    try {
      const access = await getAccess(id)
      if (access.tokenVersion !== tokenVersion) await isTaken(id, access)
    } catch (error) {
      log.warn({ err: error, connection: slug }, 'a connection was not kept alive; tried again')
    }
  }
}
