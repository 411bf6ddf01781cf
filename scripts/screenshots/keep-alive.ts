import { beat } from '@/core/processes/beat'
import { db } from '@/lib/db'

/** Control does not run, so that nothing of the scene changes, and no worker does: they are noted as if they did. */
export async function keepAlive(): Promise<void> {
  await beat('control')
  const hourAgo = new Date(Date.now() - 3_600_000)
  await db().worker.updateMany({ where: { lastSeenAt: { gt: hourAgo } }, data: { lastSeenAt: new Date() } })
}
