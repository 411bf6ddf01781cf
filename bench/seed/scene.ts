import type { Db, Environment } from '@/lib/db'
import { sha256Hex } from '@/lib/crypto'
import type { SeededRandom } from '@/scripts/sample/random'

/** An instance as it stands after set-up, with a worker that is heard and one remote for its plans. */
export type SeededInstance = { id: string; slug: string; workerId: string; sourceIds: string[]; remoteId: string }

export type InstanceFacts = { slug: string; name: string; environment: Environment; hostName: string }

/** A UUID out of the seeded numbers. */
export function seededId(random: SeededRandom): string {
  const digits = random.hex(30)
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(12, 15)}-a${digits.slice(15, 18)}-${digits.slice(18, 30)}`
}

export async function seedRemote(
  db: Db,
  random: SeededRandom,
  facts: { slug: string; name: string; baseFolder: string; createdAt: Date },
): Promise<string> {
  const id = seededId(random)
  await db.remote.create({ data: { id, backend: 'local', options: {}, ...facts } })
  return id
}

export async function seedInstance(
  db: Db,
  random: SeededRandom,
  { hostName, ...facts }: InstanceFacts,
  { remoteId, createdAt, now }: { remoteId: string; createdAt: Date; now: Date },
): Promise<SeededInstance> {
  const [id, workerId] = [seededId(random), seededId(random)]
  await db.instance.create({ data: { id, createdAt, ...facts } })
  await db.worker.create({
    data: {
      id: workerId,
      instanceId: id,
      slug: 'fileserver',
      state: 'active',
      keySha256: sha256Hex(`key of ${workerId}`),
      redisPasswordSha256: sha256Hex(`redis password of ${workerId}`),
      redisPrefix: random.hex(32),
      hostName,
      version: '0.1.0',
      tools: { mongodump: '100.9.4', rclone: '1.66.0', tar: '1.34', zstd: '1.5.4' },
      spoolFreeBytes: 180n * 1024n ** 3n,
      clockSkewSeconds: 0.2,
      enrolledAt: createdAt,
      confirmedAt: createdAt,
      lastSeenAt: now,
    },
  })
  return { id, slug: facts.slug, workerId, sourceIds: await seedSources(db, random, id, workerId, createdAt), remoteId }
}

async function seedSources(
  db: Db,
  random: SeededRandom,
  instanceId: string,
  workerId: string,
  createdAt: Date,
): Promise<string[]> {
  const tree = (path: string) => ({ path, exclude: [], oneFileSystem: true, mustBeMount: true })
  const sources = [
    {
      slug: 'mongodb',
      kind: 'mongodb',
      settings: { reach: 'direct', databases: null, consistency: 'best', tools: 'auto' },
    },
    { slug: 'homes', kind: 'tree', settings: tree('/mnt/homes') },
    { slug: 'config', kind: 'config', settings: { paths: ['/etc/whole-tale', '/etc/docker/daemon.json'] } },
  ] as const
  const rows = sources.map((source) => ({ id: seededId(random), instanceId, workerId, createdAt, ...source }))
  await db.source.createMany({ data: rows })
  return rows.map(({ id }) => id)
}

export type PlanFacts = {
  slug: string
  name: string
  cron: string
  timeZone: string
  keepDays: number
  paused?: boolean
  heldReason?: string
  heldAt?: Date
}

export async function seedPlan(
  db: Db,
  random: SeededRandom,
  instance: SeededInstance,
  { keepDays, ...facts }: PlanFacts,
  createdAt: Date,
): Promise<{ id: string; slug: string }> {
  const id = seededId(random)
  await db.plan.create({
    data: {
      id,
      instanceId: instance.id,
      createdAt,
      scheduledFrom: createdAt,
      ...facts,
      sources: { create: instance.sourceIds.map((sourceId) => ({ sourceId })) },
      targets: { create: [{ remoteId: instance.remoteId, keepDays }] },
    },
  })
  return { id, slug: facts.slug }
}
