import type { z } from 'zod'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import type { Instance, Worker } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { fingerprintOf, type selfSchema } from '@/protocol/worker-api'
import { redisPrefixOf, redisUserOf } from './redis-place'

export type WorkerWithInstance = Worker & { instance: Instance }

/** What a worker may know of itself: where it belongs and, once confirmed, where its queues are. */
export async function describeSelf(worker: WorkerWithInstance): Promise<z.infer<typeof selfSchema>> {
  const { instance } = worker
  return {
    workerId: worker.id,
    workerSlug: worker.slug,
    instance: { id: instance.id, slug: instance.slug },
    state: worker.state,
    fingerprint: fingerprintOf(worker.keySha256),
    redis:
      worker.state === 'active'
        ? { url: controlPlaneEnv().redisWorkerUrl, username: redisUserOf(worker), prefix: redisPrefixOf(worker) }
        : null,
    signingKeys: await listSigningKeys(),
  }
}
