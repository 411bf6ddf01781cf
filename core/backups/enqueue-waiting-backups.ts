import { enqueueWhereMissing } from '@/core/workers/enqueue-where-missing'
import { db } from '@/lib/db'

/** Enqueues every queued backup whose job is not in Redis: it was away, was emptied, or the instance was locked. */
export async function enqueueWaitingBackups(): Promise<void> {
  const rows = await db().backup.findMany({
    where: { state: 'queued', worker: { state: 'active' } },
    orderBy: { sequence: 'asc' },
    include: { worker: true },
  })
  for (const { id, attempt, worker } of rows) if (worker) await enqueueWhereMissing(worker, 'backup', { id, attempt })
}
