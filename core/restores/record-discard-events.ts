import type { z } from 'zod'
import { releaseLock } from '@/core/locks/release-lock'
import { bodiesOf } from '@/core/workers/bodies-of'
import { freshEvents } from '@/core/workers/fresh-events'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db, Prisma } from '@/lib/db'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'

/** Takes what a worker reports of the removal of a scratch place, in order and once. Throws Problem `stale-attempt`. */
export async function recordDiscardEvents(
  worker: { id: string },
  { run, events }: z.infer<typeof eventsRequestSchema>,
  now = new Date(),
): Promise<z.infer<typeof eventsResponseSchema>> {
  return db().$transaction(async (transaction) => {
    const where = { restoreId_workerId: { restoreId: run.id, workerId: worker.id } }
    const task = await transaction.restoreTask.findUnique({ where })
    if (task?.discardAttempt !== run.attempt || !task.discardState || task.discardState === 'queued')
      throw staleAttempt()
    const fresh = freshEvents(task.discardSequence, events)
    if (task.discardState !== 'running' && task.discardState !== 'lost') {
      if (fresh.length > 0) throw staleAttempt()
      return { lastSequence: task.discardSequence, cancel: true }
    }
    const last = fresh.at(-1)?.body
    const ending =
      last?.type === 'finished'
        ? { discardState: last.state, discardProblem: last.problem ?? Prisma.DbNull }
        : { discardState: 'running' as const, discardProblem: Prisma.DbNull }
    const exchange = bodiesOf(fresh, 'exchange').at(-1)?.exchange
    if (last?.type === 'finished') await releaseLock(transaction, { kind: 'restore', id: run.id })
    const discardSequence = task.discardSequence + fresh.length
    await transaction.restoreTask.update({
      where,
      data: { ...ending, ...(exchange ? { exchange } : {}), discardSequence, lastSeenAt: now },
    })
    appendRunLog(run, fresh)
    return { lastSequence: discardSequence, cancel: false }
  })
}
