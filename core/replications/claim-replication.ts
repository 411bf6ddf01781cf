import { isBeingDeleted } from '@/core/prunes/is-being-deleted'
import { locked, notClaimable } from '@/core/workers/refusals'
import { db, type Transaction } from '@/lib/db'
import { toProblemFacts } from '@/protocol/problem'
import type { ReplicationSpec } from '@/protocol/specs'
import { othersWait } from './must-yield'
import { buildReplicationSpec, type ReplicationRow, replicationInclude } from './replication-spec'

/**
 * Hands a queued replication to its worker. It waits while anything else waits for that worker, and while the backup is being
 * deleted from either remote. Throws Problem `not-claimable`, `locked`.
 */
export async function claimReplication(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<ReplicationSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const replication = await transaction.replication.findUnique({ where: { id: run.id }, include: replicationInclude })
    const isWaiting =
      replication?.workerId === worker.id && replication.attempt === run.attempt && replication.state === 'queued'
    if (!isWaiting) throw notClaimable()
    if (await isHeldUp(transaction, replication, now)) throw locked()
    try {
      const built = await buildReplicationSpec(transaction, replication)
      const data = { state: 'running' as const, startedAt: now, lastSeenAt: now }
      await transaction.replication.update({ where: { id: replication.id }, data })
      return built
    } catch (error) {
      const data = { state: 'failed' as const, problem: toProblemFacts(error), finishedAt: now }
      await transaction.replication.update({ where: { id: replication.id }, data })
      return null
    }
  })
  if (!spec) throw notClaimable()
  return spec
}

async function isHeldUp(
  transaction: Transaction,
  { workerId, backupId, fromRemoteId, toRemoteId }: ReplicationRow,
  now: Date,
): Promise<boolean> {
  if (await othersWait(transaction, workerId)) return true
  return isBeingDeleted(transaction, backupId, [fromRemoteId, toRemoteId], now)
}
