import type { Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** Throws Problem `unknown-worker` unless the worker belongs to the instance and is not revoked. */
export async function assertWorker(transaction: Transaction, instanceId: string, workerId: string): Promise<void> {
  const count = await transaction.worker.count({ where: { id: workerId, instanceId, state: { not: 'revoked' } } })
  if (count === 0)
    throw new Problem({
      code: 'unknown-worker',
      text: 'This worker does not belong to the instance, or was revoked.',
      action: 'Choose another worker.',
      where: 'workerId',
    })
}
