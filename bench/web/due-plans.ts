import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { planDueBackups } from '@/core/backups/plan-due-backups'
import { redisPrefixOf } from '@/core/workers/redis-place'
import { db, openDatabase, setDatabase } from '@/lib/db'
import { openProducer, setProducer } from '@/lib/queue'
import { jobCatalog, jobId } from '@/protocol/jobs'
import { SeededRandom } from '@/scripts/sample/random'
import { seedInstance, seedPlan, seedRemote } from '../seed/scene'

const instances = 50
const plans = 1000
/** One instance with many plans, which must not make the others wait. */
const plansOfLargest = 412

export type DueResult = {
  instances: number
  plans: number
  plansOfLargest: number
  seconds: number
  /** so many were enqueued when the last instance had its first */
  lastFirst: number
  /** how many instances had their first backup enqueued in the first turn, their second in the second, … */
  turns: number[]
}

/** A thousand plans that are due in the same minute, from the look at the plans to the last job in Redis. */
export async function measureDuePlans(folder: string, redisUrl: string): Promise<DueResult> {
  rmSync(folder, { recursive: true, force: true })
  const opened = openDatabase(join(folder, 'talekeeper.db'), 'prisma/migrations')
  setDatabase(opened)
  const producer = openProducer(redisUrl)
  setProducer(producer)
  const now = new Date('2027-03-01T02:00:10Z')
  await seedPlans(new Date('2027-02-28T12:00:00Z'), now)

  const start = performance.now()
  await planDueBackups(now)
  const seconds = (performance.now() - start) / 1000

  await assertAllQueued(producer)
  const order = await opened.backup.findMany({ orderBy: { sequence: 'asc' }, select: { instanceId: true } })
  const result = { instances, plans, plansOfLargest, seconds, ...fairnessOf(order.map(({ instanceId }) => instanceId)) }
  await Promise.all([opened.$disconnect(), producer.close()])
  return result
}

async function seedPlans(createdAt: Date, now: Date): Promise<void> {
  const random = new SeededRandom(1000)
  const remoteId = await seedRemote(db(), random, { slug: 'box', name: 'Box', baseFolder: '/srv/WT', createdAt })
  const perInstance = (plans - plansOfLargest) / (instances - 1)
  for (let number = 1; number <= instances; number++) {
    const slug = `wt-${number}`
    const facts = { slug, name: slug, environment: 'production', hostName: `${slug}.example.org` } as const
    const instance = await seedInstance(db(), random, facts, { remoteId, createdAt, now })
    for (let plan = 1; plan <= (number === 1 ? plansOfLargest : perInstance); plan++) {
      const schedule = { cron: '0 2 * * *', timeZone: 'UTC', keepDays: 30 }
      await seedPlan(db(), random, instance, { slug: `plan-${plan}`, name: `Plan ${plan}`, ...schedule }, createdAt)
    }
  }
}

async function assertAllQueued(producer: ReturnType<typeof openProducer>): Promise<void> {
  const backups = await db().backup.findMany({ where: { state: 'queued' }, include: { worker: true } })
  if (backups.length !== plans) throw new Error(`${backups.length} of ${plans} backups are queued`)
  for (const { id, worker } of backups) {
    const isThere =
      worker &&
      (await producer.isQueued(redisPrefixOf(worker), jobCatalog.backup.queue, jobId('backup', { id, attempt: 1 })))
    if (!isThere) throw new Error(`the job of backup ${id} is not in Redis`)
  }
}

function fairnessOf(order: string[]): Pick<DueResult, 'lastFirst' | 'turns'> {
  const firsts = [...new Set(order)].map((instanceId) => order.indexOf(instanceId))
  const turns = [0, 1, 2, 3].map((turn) => new Set(order.slice(turn * instances, (turn + 1) * instances)).size)
  return { lastFirst: Math.max(...firsts) + 1, turns }
}
