import { notClaimable } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import { toProblemFacts } from '@/protocol/problem'
import type { DiscardOrder, InPlaceEndSpec } from '@/protocol/specs'
import { waitForTurn } from './in-place-turn'
import { buildDiscardSpec, taskInclude } from './restore-spec'

/** Hands the removal of a scratch place to the worker that made it. Throws Problem `not-claimable`, `locked`. */
export async function claimDiscard(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<DiscardOrder | InPlaceEndSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const where = { restoreId_workerId: { restoreId: run.id, workerId: worker.id } }
    const task = await transaction.restoreTask.findUnique({ where, include: taskInclude })
    if (task?.discardAttempt !== run.attempt || task.discardState !== 'queued') throw notClaimable()
    await waitForTurn(transaction, task)
    try {
      const built = await buildDiscardSpec(transaction, task)
      await transaction.restoreTask.update({ where, data: { discardState: 'running', lastSeenAt: now } })
      return built
    } catch (error) {
      const data = { discardState: 'failed' as const, discardProblem: toProblemFacts(error) }
      await transaction.restoreTask.update({ where, data })
      return null
    }
  })
  if (!spec) throw notClaimable()
  return spec
}
