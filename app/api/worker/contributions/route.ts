import { workerRoute } from '@/app/api/worker/worker-route'
import { takeContribution } from '@/core/backups/take-contribution'
import { contributionRequestSchema } from '@/protocol/worker-api'

/** What makes up a manifest of 64 MiB. */
const limitBytes = 64 * 1024 * 1024

export const POST = workerRoute(
  contributionRequestSchema,
  async (worker, body) => {
    await takeContribution(worker, body)
    return {}
  },
  limitBytes,
)
