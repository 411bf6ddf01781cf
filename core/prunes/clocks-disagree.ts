import type { Transaction } from '@/lib/db'

const toleratedSeconds = 300

/** True when a worker of the instance has another idea of the time than we: nothing is deleted then. */
export async function clocksDisagree(transaction: Transaction, instanceId: string): Promise<boolean> {
  const workers = await transaction.worker.findMany({ where: { instanceId, state: 'active' } })
  return workers.some((worker) => Math.abs(worker.clockSkewSeconds) >= toleratedSeconds)
}
