import { workerRoute } from '@/app/api/worker/worker-route'
import { recordAnswer } from '@/core/asks/record-answer'
import { answerRequestSchema } from '@/protocol/worker-api'

/** The longest is a preview: ten trees with some hundred names each. */
const limitBytes = 16 * 1024 * 1024

export const POST = workerRoute(
  answerRequestSchema,
  async (worker, body) => {
    await recordAnswer(worker, body)
    return {}
  },
  limitBytes,
)
