import { notClaimable } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import { toProblemFacts } from '@/protocol/problem'
import type { InPlaceSpec, OlderRestoreOrder, RestoreOrder } from '@/protocol/specs'
import { assertSafety, waitForTurn } from './in-place-turn'
import { buildRestoreSpec, taskInclude } from './restore-spec'
import { settleRestore } from './settle-restore'

/**
 * Hands a queued restore to its worker; one whose spec cannot be made any more fails with the reason. A restore is never
 * handed out twice, and with it the dashboard forgets the secrets of its fix-ups. One in place waits for its safety backup and for the instance to be free. Throws Problem `not-claimable`, `locked`.
 */
export async function claimRestore(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<RestoreOrder | OlderRestoreOrder | InPlaceSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const place = { restoreId_workerId: { restoreId: run.id, workerId: worker.id } }
    const task = await transaction.restoreTask.findUnique({ where: place, include: taskInclude })
    if (task?.attempt !== run.attempt || task.state !== 'queued') throw notClaimable()
    await waitForTurn(transaction, task)
    try {
      await assertSafety(transaction, task)
      const built = await buildRestoreSpec(transaction, task)
      await transaction.restoreTask.update({
        where: place,
        data: { state: 'running', startedAt: now, lastSeenAt: now },
      })
      await transaction.restore.update({
        where: { id: run.id },
        data: { state: 'running', startedAt: now, fixUpSecrets: null },
      })
      return built
    } catch (error) {
      await settleRestore(transaction, task, { state: 'failed', problem: toProblemFacts(error) }, now)
      return null
    }
  })
  if (!spec) throw notClaimable()
  return spec
}
