import { workerRoute } from '@/app/api/worker/worker-route'
import { recordHeartbeat } from '@/core/workers/record-heartbeat'
import { heartbeatRequestSchema } from '@/protocol/worker-api'

export const POST = workerRoute(heartbeatRequestSchema, (worker, body, protocol) =>
  recordHeartbeat(worker, body, protocol),
)
