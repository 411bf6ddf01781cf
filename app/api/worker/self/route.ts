import { pendingWorkerRoute } from '@/app/api/worker/worker-route'
import { describeSelf } from '@/core/workers/describe-self'
import { noteSelf } from '@/core/workers/note-self'

export const GET = pendingWorkerRoute(async (worker) => {
  await noteSelf(worker)
  return describeSelf(worker)
})
