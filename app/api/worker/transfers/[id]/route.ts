import { workerStreamRoute } from '@/app/api/worker/worker-route'
import { deliverTransfer } from '@/core/transfers/open-transfers'

export const PUT = workerStreamRoute<{ id: string }>(async (worker, body, { id }) => {
  await deliverTransfer(worker, id, body)
  return {}
})
