import { workerRoute } from '@/app/api/worker/worker-route'
import { claimRun } from '@/core/workers/claim-run'
import { claimRequestSchema } from '@/protocol/worker-api'

export const POST = workerRoute(claimRequestSchema, async (worker, run, protocol) => ({
  spec: await claimRun(worker, run, protocol),
}))
