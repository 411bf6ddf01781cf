import { pendingWorkerRoute } from '@/app/api/worker/worker-route'
import { describeStanding } from '@/core/health/describe-standing'

export const GET = pendingWorkerRoute((worker) => describeStanding(worker.instance))
