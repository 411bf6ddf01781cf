import { openConsumer } from '@/lib/queue'
import { type JobName, jobCatalog, jobNameSchema, type QueueName } from '@/protocol/jobs'
import { Problem } from '@/protocol/problem'
import { answerQuestion } from './answer-question'
import type { Self } from './control-plane'
import type { Identity } from './identity'
import { isLoopback } from './loopback'
import { performRun } from './perform-run'
import type { Station } from './station'

/** Takes jobs from both queues until closed: `work` one at a time, `ask` beside it. */
export function openQueues(station: Station, self: Self, identity: Identity): { close: () => Promise<void> } {
  const redis = reachableRedis(self)
  const complain = changedComplaints((text) => station.log('warn', `Redis: ${text}`))
  const consumers = queues.map(({ queue, concurrency }) =>
    openConsumer({
      ...redis,
      password: identity.redisPassword,
      queue,
      concurrency,
      handle: (name, data) => take(queue, name, data, station),
      onError: (error) => complain(error.message || error.name),
    }),
  )
  return {
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.close()))
    },
  }
}

const queues: { queue: QueueName; concurrency: number }[] = [
  { queue: 'work', concurrency: 1 },
  { queue: 'ask', concurrency: 4 },
]

async function take(queue: QueueName, name: string, data: unknown, station: Station): Promise<void> {
  const job = jobNameSchema.safeParse(name)
  const payload = job.success ? jobCatalog[job.data].payload.safeParse(data) : null
  if (!job.success || !payload?.success || jobCatalog[job.data].queue !== queue)
    return station.log('warn', `A job that is not in the catalogue was left out of the queue "${queue}".`)
  const run = { name: job.data satisfies JobName, ...payload.data }
  return queue === 'work' ? performRun(run, station) : answerQuestion(run, station)
}

/** The worker's Redis password crosses the network: encrypted, or not at all. */
export function reachableRedis(self: Self): NonNullable<Self['redis']> {
  const { redis } = self
  if (!redis) throw new Problem({ code: 'redis-unknown', text: 'The control plane did not say where its Redis is.' })
  if (URL.canParse(redis.url)) {
    const { protocol, hostname } = new URL(redis.url)
    if (protocol === 'rediss:' || (protocol === 'redis:' && isLoopback(hostname))) return redis
  }
  throw new Problem({
    code: 'redis-not-encrypted',
    text: 'The control plane names a Redis without TLS on another host, where anybody in between could read the password.',
    action: 'Set REDIS_WORKER_URL of the control plane to a rediss:// address.',
    where: redis.url,
  })
}

/** Redis clients repeat themselves: only a new complaint is passed on, or an old one after five minutes. */
function changedComplaints(say: (text: string) => void): (text: string) => void {
  let last = { text: '', at: 0 }
  return (text) => {
    if (text === last.text && performance.now() - last.at < 300_000) return
    last = { text, at: performance.now() }
    say(text)
  }
}
