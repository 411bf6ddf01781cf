import { pendingWorkerRoute } from '@/app/api/worker/worker-route'
import { describeMigration } from '@/core/migrations/describe-migration'

export const GET = pendingWorkerRoute((worker) => describeMigration(worker))
