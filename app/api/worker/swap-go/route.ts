import { workerRoute } from '@/app/api/worker/worker-route'
import { giveSwapGo } from '@/core/restores/give-swap-go'
import { swapGoRequestSchema } from '@/protocol/worker-api'

export const POST = workerRoute(swapGoRequestSchema, async (worker, body) => {
  await giveSwapGo(worker, body)
  return {}
})
