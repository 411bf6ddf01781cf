import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { commonEnv, controlPlaneEnv } from './env'

/**
 * Redis delivers jobs and nothing more: they carry ids, the database is the truth, and a job that got lost is enqueued again.
 * `prefix` begins every key of a worker's queues (`tk:<hex>`), and is all that its Redis user may touch.
 */
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const
const answerWithinMilliseconds = 2000

/** Redis is away, or refuses us. */
export class QueueUnreachable extends Error {
  override readonly name = 'QueueUnreachable'
}

export type Producer = {
  /** The same job id is queued only once. Throws QueueUnreachable within two seconds. */
  enqueue: (prefix: string, queue: string, name: string, jobId: string, data: object) => Promise<void>
  /** True while the job waits or is in a worker's hands. Throws QueueUnreachable. */
  isQueued: (prefix: string, queue: string, jobId: string) => Promise<boolean>
  /** Takes a waiting job away; one in a worker's hands stays. Throws QueueUnreachable. */
  remove: (prefix: string, queue: string, jobId: string) => Promise<void>
  close: () => Promise<void>
}

export function openProducer(url: string): Producer {
  const connection = connect(url, { maxRetriesPerRequest: 1 })
  connection.on('error', () => {}) // every call tells it by QueueUnreachable
  const queues = new Map<string, Queue>()

  const use = async <T>(prefix: string, queue: string, act: (queue: Queue) => Promise<T>): Promise<T> => {
    const key = `${prefix}:${queue}`
    const opened = queues.get(key) ?? openQueue(connection, prefix, queue)
    queues.set(key, opened)
    try {
      return await inTime(act(opened))
    } catch (cause) {
      // one whose start failed never recovers by itself
      if (queues.get(key) === opened) queues.delete(key)
      throw new QueueUnreachable('Redis does not answer', { cause })
    }
  }

  return {
    enqueue: (prefix, queue, name, jobId, data) =>
      use(prefix, queue, async (opened) => {
        // an ended job that Redis still holds would swallow the new one
        if (endedStates.includes(await opened.getJobState(jobId))) await opened.remove(jobId)
        await opened.add(name, data, { ...jobOptions, jobId })
      }),
    isQueued: (prefix, queue, jobId) =>
      use(prefix, queue, async (opened) => liveStates.includes(await opened.getJobState(jobId))),
    remove: (prefix, queue, jobId) =>
      use(prefix, queue, async (opened) => {
        if ((await opened.getJobState(jobId)) !== 'active') await opened.remove(jobId)
      }),
    close: async () => connection.disconnect(),
  }
}

const shared = globalThis as typeof globalThis & { talekeeperProducer?: Producer }

/** The process's one producer, opened at first use. */
export function producer(): Producer {
  shared.talekeeperProducer ??= openProducer(controlPlaneEnv().redisUrl)
  return shared.talekeeperProducer
}

/** Makes `opened` the process's one producer: for tests. */
export function setProducer(opened: Producer): void {
  shared.talekeeperProducer = opened
}

const liveStates: string[] = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children']
const endedStates: string[] = ['completed', 'failed']

function openQueue(connection: Redis, prefix: string, name: string): Queue {
  const queue = new Queue(name, { connection, prefix, skipMetasUpdate: true })
  queue.on('error', () => {})
  queue.waitUntilReady().catch(() => {})
  return queue
}

export type ConsumerOptions = {
  /** without credentials */
  url: string
  username: string
  password: string
  prefix: string
  queue: string
  concurrency: number
  /** One that throws ends the job as failed; nobody tries it again but control. */
  handle: (name: string, data: unknown, jobId: string) => Promise<void>
  /** Redis away or refusing (tried again for ever), or a handler that threw. */
  onError: (error: Error) => void
}

/** Takes jobs until closed. A job whose worker died is dropped, never handed to another. */
export function openConsumer(options: ConsumerOptions): { close: () => Promise<void> } {
  const { username, password, prefix, concurrency, onError } = options
  const connection = connect(options.url, { username, password, maxRetriesPerRequest: null })
  connection.on('error', onError)
  const worker = new Worker(options.queue, (job) => options.handle(job.name, job.data, job.id ?? ''), {
    connection,
    prefix,
    concurrency,
    maxStalledCount: 0,
    // how soon a dead worker's job is dropped; a live one that loses its lock works on, as the claim is what counts
    lockDuration: 20_000,
    stalledInterval: 10_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  })
  worker.on('error', onError)
  worker.on('failed', (_, error) => onError(error))
  return { close: () => closeWorker(worker, connection) }
}

/** Waits for the job in hand, but neither for a Redis that is away nor for one that goes away meanwhile. */
async function closeWorker(worker: Worker, connection: Redis): Promise<void> {
  const isThere = connection.status === 'ready'
  const gone = new Promise<void>((resolve) => connection.once('close', resolve))
  const closing = worker.close(!isThere)
  if (isThere) await Promise.race([closing, gone])
  // whatever still waits for an answer is refused, so that the worker can end
  connection.disconnect()
  await inTime(closing).catch(() => {})
}

export type Tick = {
  /** Puts the scheduler back where it is missing (Redis was emptied). Throws QueueUnreachable. */
  ensure: () => Promise<void>
  close: () => Promise<void>
}

/** Calls `handle` every so many seconds, in one of the processes that opened the tick, never twice at once. */
export function openTick(url: string, everySeconds: number, handle: () => Promise<void>): Tick {
  const place = { prefix: 'tk:control', name: 'tick' }
  const connection = connect(url, { maxRetriesPerRequest: null })
  connection.on('error', () => {}) // who watches Redis is the caller: a tick that does not come is noticed
  let queue = openQueue(connection, place.prefix, place.name)
  const worker = new Worker(place.name, handle, {
    connection,
    prefix: place.prefix,
    concurrency: 1,
    maxStalledCount: 1,
  })
  worker.on('error', () => {})
  const ensure = async () => {
    try {
      const template = { name: 'tick', opts: jobOptions }
      await inTime(queue.upsertJobScheduler('tick', { every: everySeconds * 1000 }, template))
    } catch (cause) {
      queue = openQueue(connection, place.prefix, place.name)
      throw new QueueUnreachable('Redis does not answer', { cause })
    }
  }
  return { ensure, close: () => closeWorker(worker, connection) }
}

/**
 * What BullMQ's worker needs, found by experiment (lib/queue.integration.test.ts), with what its scripts call in turn. Nothing
 * here can list or name another's keys, run outside the key pattern, or administer the server.
 */
const workerCommands = [
  ...['auth', 'hello', 'ping', 'info', 'client|setname', 'select', 'quit', 'eval', 'evalsha', 'multi', 'exec', 'time'],
  ...['bzpopmin', 'zpopmin', 'zadd', 'zrem', 'zcard', 'zcount', 'zrange', 'zrangebyscore', 'zremrangebyscore'],
  ...['zremrangebyrank', 'zrevrange', 'zrevrangebyscore', 'zscore', 'zlexcount', 'zrangebylex'],
  ...['hdel', 'hexists', 'hget', 'hgetall', 'hincrby', 'hlen', 'hmget', 'hmset', 'hset'],
  ...['lindex', 'llen', 'lpop', 'lpos', 'lpush', 'lrange', 'lrem', 'lset', 'ltrim', 'rpop', 'rpoplpush', 'rpush'],
  ...['sadd', 'scard', 'sismember', 'smembers', 'srem', 'xadd', 'xdel', 'xlen', 'xrange', 'xtrim'],
  ...[
    'del',
    'unlink',
    'exists',
    'get',
    'set',
    'incr',
    'incrby',
    'rename',
    'type',
    'persist',
    'pexpire',
    'pexpireat',
    'pttl',
  ],
]

type WorkerUser = { username: string; prefix: string; passwordSha256: string }

export type UserAdmin = {
  /** Makes the user, or makes it again as it should be. */
  apply: (user: WorkerUser) => Promise<void>
  /** Removes the user and ends its connections. */
  remove: (username: string) => Promise<void>
  list: () => Promise<string[]>
  close: () => Promise<void>
}

/** Sets the workers' ACL users; `onReady` is called whenever Redis is there (again), having perhaps forgotten all. */
export function openUserAdmin(
  adminUrl: string,
  watch: { onReady: () => void; onAway: (error: Error) => void },
): UserAdmin {
  const connection = connect(adminUrl, { maxRetriesPerRequest: 1 })
  connection.on('ready', watch.onReady)
  connection.on('error', watch.onAway)
  const call = async (...words: [string, ...string[]]) => {
    try {
      return await inTime(connection.call(...words))
    } catch (cause) {
      throw new QueueUnreachable('Redis does not answer, or refuses the administrator of its users', { cause })
    }
  }
  return {
    apply: async ({ username, prefix, passwordSha256 }) => {
      const rights = ['-@all', ...workerCommands.map((command) => `+${command}`)]
      const rules = ['reset', 'on', `#${passwordSha256}`, `~${prefix}:*`, `&${prefix}:*`, ...rights]
      await call('ACL', 'SETUSER', username, ...rules)
    },
    remove: async (username) => {
      await call('ACL', 'DELUSER', username)
    },
    list: async () => (await call('ACL', 'USERS')) as string[],
    close: async () => connection.disconnect(),
  }
}

type ConnectOptions = { maxRetriesPerRequest: number | null; username?: string; password?: string }

function connect(url: string, options: ConnectOptions): Redis {
  const { extraCaFile } = commonEnv()
  const ca = extraCaFile ? [...rootCertificates, readFileSync(extraCaFile, 'utf8')] : undefined
  const settings = {
    connectTimeout: 5000,
    retryStrategy: (times: number) => Math.min(times * 200, 2000),
    ...(ca && url.startsWith('rediss:') ? { tls: { ca } } : {}),
    ...options,
  }
  return new Redis(url, settings)
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answerWithinMilliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
