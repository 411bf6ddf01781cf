import { workerRoute } from '@/app/api/worker/worker-route'
import { giveCopyGo } from '@/core/replications/give-copy-go'
import { copyGoRequestSchema } from '@/protocol/worker-api'

export const POST = workerRoute(copyGoRequestSchema, async (worker, body) => {
  await giveCopyGo(worker, body)
  return {}
})
