import { enqueueWhereMissing } from '@/core/workers/enqueue-where-missing'
import { db } from '@/lib/db'

/** Enqueues every queued look whose job is not in Redis. */
export async function enqueueWaitingInspections(): Promise<void> {
  const rows = await db().inspection.findMany({
    where: { state: 'queued', worker: { state: 'active' } },
    orderBy: { requestedAt: 'asc' },
    include: { worker: true },
  })
  for (const { id, attempt, worker } of rows) await enqueueWhereMissing(worker, 'inspection', { id, attempt })
}
