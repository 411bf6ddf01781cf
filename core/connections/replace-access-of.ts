import { db, type Transaction } from '@/lib/db'
import { log } from '@/lib/log'
import { isTaken } from './check-connection'
import { getAccess } from './get-access'

/**
 * Marks every access token that a worker was handed and may still hold, so that it is replaced at once. Runs in the caller's
 * transaction; control does the rest within seconds, and the next one who asks the broker does it too.
 */
export async function replaceAccessOf(transaction: Transaction, workerId: string): Promise<void> {
  const leases = await transaction.accessLease.findMany({
    where: { workerId, tokenVersion: { not: null } },
    select: { connectionId: true, tokenVersion: true },
    distinct: ['connectionId', 'tokenVersion'],
  })
  for (const { connectionId, tokenVersion } of leases)
    await transaction.connection.updateMany({
      where: { id: connectionId, tokenVersion: tokenVersion ?? -1 },
      data: { replaceVersion: tokenVersion },
    })
}

/**
 * Replaces the access tokens that are marked, and uses each new one once: with Box that first use ends the old one. Other
 * providers let an access token live until its end, an hour or a few.
 */
export async function replaceMarkedAccess(): Promise<void> {
  const marked = await db().connection.findMany({
    where: { replaceVersion: { not: null }, state: 'connected' },
    select: { id: true, slug: true },
  })
  for (const { id, slug } of marked) {
    try {
      const access = await getAccess(id)
      await isTaken(id, access)
      await db().connection.updateMany({
        where: { id, replaceVersion: { lt: access.tokenVersion } },
        data: { replaceVersion: null },
      })
      log.warn({ connection: slug }, 'the access token was replaced: a revoked worker may have held the old one')
    } catch (error) {
      log.warn({ err: error, connection: slug }, 'an access token is not replaced yet; tried again')
    }
  }
}
