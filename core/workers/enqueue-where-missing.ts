import { producer } from '@/lib/queue'
import { type JobName, type JobPayload, jobCatalog, jobId } from '@/protocol/jobs'
import { redisPrefixOf } from './redis-place'

/** Enqueues a run unless its job waits already or is in the worker's hands. Throws QueueUnreachable. */
export async function enqueueWhereMissing(
  worker: { redisPrefix: string },
  name: JobName,
  payload: JobPayload,
): Promise<void> {
  const { queue } = jobCatalog[name]
  const [prefix, id] = [redisPrefixOf(worker), jobId(name, payload)]
  if (await producer().isQueued(prefix, queue, id)) return
  await producer().enqueue(prefix, queue, name, id, payload)
}
