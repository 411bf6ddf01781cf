import { db, type Worker } from '@/lib/db'

/** Those who may have a user in Redis. */
export function listActiveWorkers(): Promise<Worker[]> {
  return db().worker.findMany({ where: { state: 'active' } })
}
