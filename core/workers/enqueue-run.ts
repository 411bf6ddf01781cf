import { log } from '@/lib/log'
import { producer } from '@/lib/queue'
import { type JobName, type JobPayload, jobCatalog, jobId } from '@/protocol/jobs'
import { redisPrefixOf } from './redis-place'

/**
 * Hands a run that is already in the database to its worker's queue. False when Redis is away: the row stays queued, and
 * control enqueues it as soon as it can.
 */
export async function enqueueRun(
  worker: { redisPrefix: string },
  name: JobName,
  payload: JobPayload,
): Promise<boolean> {
  try {
    const { queue } = jobCatalog[name]
    await producer().enqueue(redisPrefixOf(worker), queue, name, jobId(name, payload), payload)
    return true
  } catch (error) {
    log.warn({ reason: String(error), name, ...payload }, 'Redis is away; control enqueues this later')
    return false
  }
}
