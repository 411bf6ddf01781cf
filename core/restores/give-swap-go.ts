import type { z } from 'zod'
import { staleAttempt } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { swapGoRequestSchema } from '@/protocol/worker-api'

/**
 * Lets a restore in place exchange what stands there: only for the run that has it in hand, with the instance locked by it, and
 * not cancelled. Throws Problem `stale-attempt`, `believed-lost` (sending events overturns it), `cancelled`.
 */
export async function giveSwapGo(
  worker: { id: string },
  { run }: z.infer<typeof swapGoRequestSchema>,
  now = new Date(),
): Promise<void> {
  if (run.name !== 'restore') throw staleAttempt()
  await db().$transaction(async (transaction) => {
    const where = { restoreId_workerId: { restoreId: run.id, workerId: worker.id } }
    const task = await transaction.restoreTask.findUnique({ where, include: { restore: true } })
    if (task?.attempt !== run.attempt) throw staleAttempt()
    if (task.state === 'lost')
      throw new Problem({
        code: 'believed-lost',
        text: 'This restore was not heard of for so long that it counts as lost. It may go on only after its events were taken.',
      })
    const lock = await transaction.lock.findUnique({ where: { instanceId: task.restore.instanceId } })
    if (task.state !== 'running' || lock?.ownerKind !== 'restore' || lock.ownerId !== run.id) throw staleAttempt()
    if (task.restore.cancelRequestedAt)
      throw new Problem({ code: 'cancelled', text: 'This restore is being cancelled, and exchanges nothing any more.' })
    await transaction.restoreTask.update({ where, data: { lastSeenAt: now } })
  })
}
