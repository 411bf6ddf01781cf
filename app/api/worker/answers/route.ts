import { workerRoute } from '@/app/api/worker/worker-route'
import { recordAnswer } from '@/core/asks/record-answer'
import { answerRequestSchema } from '@/protocol/worker-api'

export const POST = workerRoute(answerRequestSchema, async (worker, body) => {
  await recordAnswer(worker, body)
  return {}
})
