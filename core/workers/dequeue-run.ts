import { producer } from '@/lib/queue'
import { type JobName, type JobPayload, jobCatalog, jobId } from '@/protocol/jobs'
import { redisPrefixOf } from './redis-place'

/** Takes a waiting job away. When Redis is away it stays, and its claim is refused later. */
export async function dequeueRun(worker: { redisPrefix: string }, name: JobName, payload: JobPayload): Promise<void> {
  await producer()
    .remove(redisPrefixOf(worker), jobCatalog[name].queue, jobId(name, payload))
    .catch(() => {})
}
