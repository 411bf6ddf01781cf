/** Where a worker's jobs lie in Redis, and the user that may take them there. */
export function redisPrefixOf(worker: { redisPrefix: string }): string {
  return `tk:${worker.redisPrefix}`
}

export const workerUserPrefix = 'worker-'

export function redisUserOf(worker: { redisPrefix: string }): string {
  return `${workerUserPrefix}${worker.redisPrefix}`
}
