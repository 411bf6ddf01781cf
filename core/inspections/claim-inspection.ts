import { locked, notClaimable } from '@/core/workers/refusals'
import { db, type Transaction } from '@/lib/db'
import { toProblemFacts } from '@/protocol/problem'
import type { InspectionSpec } from '@/protocol/specs'
import { buildInspectionSpec, type InspectionRow, inspectionInclude } from './inspection-spec'

/**
 * Hands a queued look to its worker. It waits while a backup or restore works on the instance, and while something is being
 * deleted there: half of what either does would look like damage. Throws Problem `not-claimable`, `locked`.
 */
export async function claimInspection(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<InspectionSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const inspection = await transaction.inspection.findUnique({ where: { id: run.id }, include: inspectionInclude })
    const isWaiting =
      inspection?.workerId === worker.id && inspection.attempt === run.attempt && inspection.state === 'queued'
    if (!isWaiting) throw notClaimable()
    if (await isDisturbed(transaction, inspection)) throw locked()
    try {
      const built = await buildInspectionSpec(transaction, inspection)
      const data = { state: 'running' as const, startedAt: now, lastSeenAt: now }
      await transaction.inspection.update({ where: { id: inspection.id }, data })
      return built
    } catch (error) {
      const data = { state: 'failed' as const, problem: toProblemFacts(error), finishedAt: now }
      await transaction.inspection.update({ where: { id: inspection.id }, data })
      return null
    }
  })
  if (!spec) throw notClaimable()
  return spec
}

async function isDisturbed(transaction: Transaction, { instanceId, remoteId }: InspectionRow): Promise<boolean> {
  const lock = await transaction.lock.findUnique({ where: { instanceId } })
  const deletion = await transaction.prune.findFirst({ where: { instanceId, remoteId, state: 'running' } })
  return lock !== null || deletion !== null
}
