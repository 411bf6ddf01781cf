import { enqueueWhereMissing } from '@/core/workers/enqueue-where-missing'
import { db } from '@/lib/db'

/** Enqueues every queued restore, and every queued removal of a scratch place, whose job is not in Redis. */
export async function enqueueWaitingRestores(): Promise<void> {
  const tasks = await db().restoreTask.findMany({
    where: { worker: { state: 'active' }, OR: [{ state: 'queued' }, { discardState: 'queued' }] },
    include: { worker: true },
  })
  for (const task of tasks) {
    const { restoreId: id, worker } = task
    if (task.state === 'queued') await enqueueWhereMissing(worker, 'restore', { id, attempt: task.attempt })
    if (task.discardState === 'queued')
      await enqueueWhereMissing(worker, 'discard', { id, attempt: task.discardAttempt })
  }
}
