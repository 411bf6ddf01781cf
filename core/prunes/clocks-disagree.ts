import type { Db, Transaction } from '@/lib/db'

/** From so much on two clocks disagree. */
export const toleratedSkewSeconds = 300

/** The workers of an instance that have another idea of the time than we. */
export async function disagreeingWorkers(database: Db | Transaction, instanceId: string) {
  const workers = await database.worker.findMany({ where: { instanceId, state: 'active' } })
  return workers.filter((worker) => Math.abs(worker.clockSkewSeconds) >= toleratedSkewSeconds)
}

/** True when a worker of the instance has another idea of the time than we: nothing is deleted then. */
export async function clocksDisagree(transaction: Transaction, instanceId: string): Promise<boolean> {
  return (await disagreeingWorkers(transaction, instanceId)).length > 0
}
