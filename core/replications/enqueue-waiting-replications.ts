import { enqueueWhereMissing } from '@/core/workers/enqueue-where-missing'
import { db } from '@/lib/db'
import { othersWait } from './must-yield'

/** Enqueues every queued replication whose job is not in Redis, unless another run waits for its worker. */
export async function enqueueWaitingReplications(): Promise<void> {
  const rows = await db().replication.findMany({
    where: { state: 'queued', worker: { state: 'active' } },
    orderBy: { requestedAt: 'asc' },
    include: { worker: true },
  })
  for (const { id, attempt, worker } of rows)
    if (!(await othersWait(db(), worker.id))) await enqueueWhereMissing(worker, 'replication', { id, attempt })
}
