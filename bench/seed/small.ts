import { sealPing } from '@/core/pings/seal-ping'
import { appendRunLog } from '@/core/workers/run-log'
import { nextRuns } from '@/core/plans/schedule'
import type { Db, Environment } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { SeededRandom } from '@/scripts/sample/random'
import { type ContentSize, endedBackup, later, type RunFacts } from './backup-rows'
import { grown, keepDays, type NightlyPlan, nightOf, problems } from './nights'
import { seededId, seedInstance, seedPlan, seedRemote } from './scene'
import { writeBackups } from './write-rows'

const dayMilliseconds = 86_400_000
const days = 200
const timeZone = 'America/Chicago'

type Scene = { db: Db; random: SeededRandom; remoteId: string; now: Date; createdAt: Date }

/**
 * A few instances as somebody meets them on an ordinary morning: one well kept, one that the shrink guard holds, one that failed
 * last night, one that is being backed up, one whose worker is silent, and one that nobody protects yet.
 */
export async function seedSmall(db: Db, now = new Date()): Promise<void> {
  const random = new SeededRandom(7)
  const createdAt = new Date(now.getTime() - (days + 1) * dayMilliseconds)
  const remote = { slug: 'box', name: 'Box of the library', baseFolder: '/srv/backups/WT', createdAt }
  const scene = { db, random, remoteId: await seedRemote(db, random, remote), now, createdAt }
  await seedWellKept(scene)
  await seedHeld(scene)
  await seedFailed(scene)
  await seedRunning(scene)
  await seedSilent(scene)
  await seedSurroundings(scene)
  await seedOlder(scene)
  await seedRefresh(scene)
  await db.instance.create({
    data: { id: seededId(random), slug: 'wt-class', name: 'Summer school', environment: 'development', createdAt: now },
  })
}

/** An account that is connected, a channel for alerts, and what it told of. */
async function seedSurroundings({ db, random, now, remoteId }: Scene): Promise<void> {
  const connection = {
    slug: 'library-box',
    name: 'Account of the library',
    provider: 'box',
    clientId: 'client-of-talekeeper',
  }
  const connectionId = seededId(random)
  const [gibibyte, dailyBytes] = [1024 ** 3, 2.5 * 1024 ** 3]
  const account = {
    ...{ id: '1', name: 'Library', login: 'library@example.org', quotaBytes: 120 * gibibyte, usedBytes: 90 * gibibyte },
    ...{ largestFileBytes: 50 * gibibyte, driveId: null, driveType: null },
  }
  await db.connection.create({
    data: {
      ...{
        id: connectionId,
        ...connection,
        method: 'web',
        state: 'connected',
        settings: {},
        connectedAt: now,
        account,
      },
      roomSamples: {
        create: Array.from({ length: 20 }, (_, age) => {
          const at = new Date(now.getTime() - age * dayMilliseconds)
          const usedBytes = account.usedBytes - age * dailyBytes
          return { day: at.toISOString().slice(0, 10), at, usedBytes, quotaBytes: account.quotaBytes }
        }),
      },
    },
  })
  await db.remote.update({ where: { id: remoteId }, data: { backend: 'box', baseFolder: 'WT', connectionId } })
  await seedPing({ db, random, now })
  const everything = { environments: [], instanceIds: [], kinds: [] }
  await db.channel.create({
    data: {
      id: seededId(random),
      name: 'Operators',
      kind: 'ntfy',
      settings: { server: 'https://ntfy.sh' },
      ...everything,
    },
  })
  await seedMigration({ db, random, now })
  const openedAt = later(now, -7200)
  const words = {
    title: 'The backup of Staging failed',
    text: 'Box did not answer while the archive of MongoDB was uploaded.',
    meaning: 'The newest good backup is of the night before.',
    action: 'Look whether Box answers, then run the plan again.',
    href: '/plans',
  }
  await db.incident.create({
    data: {
      ...{
        id: seededId(random),
        kind: 'backup-failed',
        subject: 'plan:staging',
        openKey: 'backup-failed plan:staging',
      },
      ...{ severity: 'critical', ...words, openedAt, changedAt: openedAt },
    },
  })
}

/** What a look at the remote found of the time before Talekeeper. */
async function seedOlder({ db, random, now, remoteId }: Scene): Promise<void> {
  const { id: instanceId, workers } = await db.instance.findUniqueOrThrow({
    where: { slug: 'wt-prod' },
    include: { workers: true },
  })
  const day = '20220101'
  const older = [
    { name: `home-${day}.tgz`, bytes: 48_318_382_080, holds: 'homes' },
    { name: `mongodump-${day}.tgz`, bytes: 734_003_200, holds: 'mongodb' },
  ]
  const times = { requestedAt: later(now, -9000), startedAt: later(now, -8990), finishedAt: later(now, -8900) }
  await db.inspection.create({
    data: {
      ...{ id: seededId(random), instanceId, workerId: workers[0]?.id ?? '', remoteId, kind: 'listing' },
      ...{ state: 'succeeded', ...times },
      strangers: { create: { folder: day, files: 2, bytes: 49_052_385_280, older } },
    },
  })
}

/** A link for a fresh host that has not called yet. */
async function seedMigration({ db, random, now }: Pick<Scene, 'db' | 'random' | 'now'>): Promise<void> {
  const ofProduction = { instance: { slug: 'wt-prod' }, state: 'succeeded' as const }
  const backup = await db.backup.findFirstOrThrow({ where: ofProduction, orderBy: { sequence: 'desc' } })
  const target = await db.instance.findFirstOrThrow({ where: { environment: 'testing' } })
  await db.migration.create({
    data: {
      ...{ id: seededId(random), instanceId: target.id, backupId: backup.id, workerSlug: 'new-fileserver' },
      ...{ linkSha256: 'of no link', trustedNetworks: [], createdById: seededId(random) },
      request: {
        inPlace: { writers: 'stopped', safety: false, requireEmpty: true },
        reason: 'A new file server for testing',
      },
      ...{ createdAt: later(now, -1200), expiresAt: later(now, 85_000) },
    },
  })
}

/** Testing gets production’s data on Sundays, as a person saw it succeed once; into development it was brought once, and not again. */
async function seedRefresh({ db, random, now, remoteId }: Scene): Promise<void> {
  const ofProduction = { instance: { slug: 'wt-prod' }, kind: 'scheduled' as const, state: 'succeeded' as const }
  const backup = await db.backup.findFirstOrThrow({ where: ofProduction, orderBy: { sequence: 'desc' } })
  const placeOf = async (slug: string) => {
    const { id: instanceId, workers } = await db.instance.findUniqueOrThrow({
      where: { slug },
      include: { workers: true },
    })
    return { instanceId, workerId: workers[0]?.id ?? '' }
  }
  const target = {
    ...{ kind: 'inPlace', mongodb: null, writers: 'command', safetyBackupId: null, end: null },
    ...{ allowForeignFolders: false, allowOpenFiles: false },
  }
  const seedExchange = (
    { instanceId, workerId }: Awaited<ReturnType<typeof placeOf>>,
    { days, state, ...more }: { days: number; state: string; refreshId?: string; plannedAt?: Date; reason: string },
  ) => {
    const requestedAt = later(now, -days * 86_400)
    const times = { startedAt: requestedAt, finishedAt: later(requestedAt, 2400 - 20 * days) }
    const exchange = { state, paths: 214, collections: 31, besideBytes: 48_000_000_000, at: times.finishedAt }
    const task = { workerId, state: 'succeeded' as const, phase: 'exchange', target, exchange, ...times }
    const facts = { id: seededId(random), instanceId, backupId: backup.id, remoteId, state: 'succeeded' as const }
    return db.restore.create({ data: { ...facts, requestedAt, ...times, ...more, tasks: { create: task } } })
  }
  const staging = await placeOf('wt-staging')
  const refreshId = seededId(random)
  const { instanceId, workerId } = staging
  const request = { workerId, remoteId, mongodbSourceId: null, inPlace: { writers: 'command', safety: false } }
  const refresh = { id: refreshId, instanceId, planId: backup.planId, cron: '0 3 * * 0', timeZone, scheduledFrom: now }
  await db.refresh.create({ data: { ...refresh, request, accepted: [], createdById: seededId(random) } })
  for (const days of [2, 9])
    await seedExchange(staging, {
      ...{ days, state: days === 2 ? 'swapped' : 'dropped', reason: 'Refresh' },
      ...{ refreshId, plannedAt: later(now, -days * 86_400) },
    })
  await seedExchange(staging, { days: 12, state: 'dropped', refreshId, reason: 'To try the new release on real data' })
  await seedExchange(await placeOf('wt-dev'), { days: 15, state: 'dropped', reason: 'To look for a bug' })
}

/** Somebody else hears of the first plan's runs, and did not take the latest at once. */
async function seedPing({ db, random, now }: Pick<Scene, 'db' | 'random' | 'now'>): Promise<void> {
  const plan = await db.plan.findFirstOrThrow({ where: { instance: { slug: 'wt-prod' } } })
  const id = seededId(random)
  const attempt = (minutes: number, path: string, answer: string) => ({
    ...{ at: later(now, -60 * minutes), path, answer },
    isTaken: answer === '200',
  })
  await db.ping.create({
    data: {
      ...{ id, planId: plan.id, url: sealPing(id, 'https://hc.example.org/a-uuid'), place: 'hc.example.org' },
      ...{ toldAt: later(now, -60), attemptedAt: later(now, -60), answer: '200' },
      attempts: { create: [attempt(40, '/start', '200'), attempt(3, '', '503'), attempt(1, '', '200')] },
    },
  })
}

async function seedWellKept(scene: Scene): Promise<void> {
  const plan = await seedPlanOf(scene, ['wt-prod', 'Whole Tale', 'production'], '0 0 * * *', 9)
  await seedPinned(scene, plan)
  await seedNights(scene, plan, '0 0 * * *')
  await seedRestore(scene, plan)
}

/** A drill of the newest backup, and what its comparison said. */
async function seedRestore({ db, random, now }: Scene, { instance, plan }: NightlyPlan): Promise<void> {
  const backup = await db.backup.findFirstOrThrow({ where: { planId: plan.id }, orderBy: { sequence: 'desc' } })
  const counts = await db.artifact.findMany({ where: { backupId: backup.id, kind: { in: ['mongodb', 'files'] } } })
  const sum = (pick: (artifact: (typeof counts)[number]) => number | bigint | null) =>
    counts.reduce((total, artifact) => total + Number(pick(artifact) ?? 0), 0)
  const comparison = {
    ...{ entriesExpected: sum(({ entries }) => entries), entriesIdentical: sum(({ entries }) => entries) },
    ...{ namespacesExpected: 7, namespacesIdentical: 7, documentsCompared: sum(({ documents }) => documents) },
    ...{ bytesCompared: sum(({ rawBytes }) => rawBytes), refused: [], refusedCount: 0 },
    ...{ differences: [], differenceCount: 0 },
  }
  const id = seededId(random)
  const times = { startedAt: later(now, -5400), finishedAt: later(now, -3150) }
  const target = {
    kind: 'scratch',
    folder: `/srv/restored/${id}`,
    mongodb: { sourceId: instance.sourceIds[0], databasePrefix: 'drill_' },
  }
  await db.restore.create({
    data: {
      ...{ id, instanceId: instance.id, backupId: backup.id, remoteId: instance.remoteId, state: 'succeeded' },
      ...{ requestedAt: later(now, -5402), reason: 'Quarterly drill', ...times },
      tasks: {
        create: { workerId: instance.workerId, state: 'succeeded', target, comparison, phase: 'compare', ...times },
      },
    },
  })
}

async function seedPinned({ db, random, now }: Scene, plan: NightlyPlan): Promise<void> {
  const requestedAt = new Date(now.getTime() - 64 * dayMilliseconds)
  const facts = { kind: 'manual', state: 'succeeded', presence: 'present', verification: 'drilled' } as const
  const size = grown(plan.size, 64, random)
  await writeBackups(db, [
    endedBackup(random, { ...plan, ...facts, requestedAt, size, pinReason: 'Before the upgrade to 1.2' }),
  ])
}

async function seedHeld(scene: Scene): Promise<void> {
  const held = 'The newest backup has 41 % fewer documents in girder.item than the one before.'
  const plan = await seedPlanOf(scene, ['wt-europe', 'Whole Tale Europe', 'production'], '30 1 * * *', 5, {
    heldReason: held,
    heldAt: scene.now,
  })
  const warning = { code: 'fewer-documents', text: held, source: 'mongodb', where: 'girder.item' }
  const size = { ...plan.size, documents: Math.round(plan.size.documents * 0.6) }
  await seedNights(scene, plan, '30 1 * * *', { state: 'warning', held: [held], warnings: [warning], size })
}

async function seedFailed(scene: Scene): Promise<void> {
  const plan = await seedPlanOf(scene, ['wt-staging', 'Staging', 'testing'], '15 2 * * *', 3)
  const [problem] = problems.failed ?? []
  const failed = {
    state: 'failed',
    presence: 'leftover',
    verification: 'none',
    ...(problem ? { problem } : {}),
  } as const
  const id = await seedNights(scene, plan, '15 2 * * *', failed)
  seedLog(id, scene.now, [
    ['info', 'Preflight: 180 GiB free in the spool, remote “box” answers.'],
    ['info', 'MongoDB 4.4.29: 7 namespaces, 66,000 documents.'],
    ['warn', 'Upload of mongo.archive.zst.00000: no answer, trying again in 30 s.'],
    ['error', 'Box does not answer.'],
  ])
}

/** Half-way through the homes. */
async function seedRunning(scene: Scene): Promise<void> {
  const { db, random, now } = scene
  const { instance, plan, size } = await seedPlanOf(scene, ['wt-dev', 'Development', 'development'], '0 3 * * *', 2)
  await seedNights(scene, { instance, plan, size }, '0 3 * * *')
  const [id, startedAt] = [seededId(random), later(now, -95)]
  const progress = {
    phase: 'files',
    subject: 'homes',
    doneBytes: Math.round(size.fileBytes * 0.46),
    totalBytes: size.fileBytes,
    bytesPerSecond: 58_000_000,
    uploadedBytes: Math.round(size.fileBytes * 0.28),
    at: now.toISOString(),
  }
  await db.backup.create({
    data: {
      ...{ id, instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: instance.workerId },
      ...{ kind: 'manual', state: 'running', requestedAt: later(startedAt, -3), startedAt },
      tasks: {
        create: [
          {
            ...{ workerId: instance.workerId, state: 'running', startedAt, lastSeenAt: now },
            ...{ phase: 'files', progress, lastEventSequence: 12 },
          },
        ],
      },
      copies: { create: [{ remoteId: instance.remoteId }] },
      phases: {
        create: [
          { phase: 'preflight', state: 'finished', startedAt, finishedAt: later(startedAt, 4) },
          { phase: 'mongodb', state: 'finished', startedAt: later(startedAt, 4), finishedAt: later(startedAt, 41) },
          { phase: 'files', state: 'started', startedAt: later(startedAt, 41) },
        ],
      },
    },
  })
  await db.lock.create({ data: { instanceId: instance.id, ownerKind: 'backup', ownerId: id, takenAt: startedAt } })
  seedLog(id, startedAt, [
    ['info', 'Preflight: 180 GiB free in the spool, remote “box” answers.'],
    ['info', 'MongoDB 4.4.29: 7 namespaces, 44,000 documents.'],
    ['info', 'mongo.archive.zst is uploaded and checked.'],
    ['info', 'Reading /mnt/homes.'],
  ])
}

/** Its host is down since the day before yesterday. */
async function seedSilent(scene: Scene): Promise<void> {
  const { db, now } = scene
  const plan = await seedPlanOf(scene, ['wt-archive', 'Archive of 2024', 'testing'], '45 2 * * *', 4)
  await seedNights(scene, plan, '45 2 * * *', undefined, 2)
  const lastSeenAt = new Date(now.getTime() - 1.6 * dayMilliseconds)
  await db.worker.update({ where: { id: plan.instance.workerId }, data: { lastSeenAt } })
}

async function seedPlanOf(
  { db, random, remoteId, now, createdAt }: Scene,
  [slug, name, environment]: [string, string, Environment],
  cron: string,
  scale: number,
  held: { heldReason?: string; heldAt?: Date } = {},
): Promise<NightlyPlan> {
  const facts = { slug, name, environment, hostName: `fileserver.${slug}.example.org` }
  const instance = await seedInstance(db, random, facts, { remoteId, createdAt, now })
  const nightly = { slug: 'nightly', name: 'Nightly', cron, timeZone, keepDays, ...held }
  const plan = await seedPlan(db, random, instance, nightly, createdAt)
  const size: ContentSize = { documents: scale * 22_000, entries: scale * 9000, fileBytes: scale * 1_900_000_000 }
  return { instance, plan, size }
}

/** Every night of the schedule but the `missing` latest ones; `last` goes over the facts of the latest. Returns that one's id. */
async function seedNights(
  { db, random, now, createdAt }: Scene,
  plan: NightlyPlan,
  cron: string,
  last?: Partial<RunFacts>,
  missing = 0,
): Promise<string> {
  const times = nextRuns(cron, timeZone, createdAt, days + 2).filter((at) => at <= now)
  const nights = times.slice(0, times.length - missing).map((at, index) => ({ at, age: times.length - 1 - index }))
  const latest = nights.pop()
  if (!latest) throw new Error('the schedule has no night')
  const rows = nights.map((night) => nightOf(random, plan, { ...night, isOutage: false }))
  const good = { kind: 'scheduled', state: 'succeeded', presence: 'present', verification: 'uploaded' } as const
  const facts = { ...plan, ...good, requestedAt: latest.at, size: plan.size, ...last }
  const newest = endedBackup(random, facts)
  await writeBackups(db, [...rows, newest])
  return newest.backup.id ?? ''
}

function seedLog(id: string, at: Date, lines: [Extract<EventBody, { type: 'log' }>['level'], string][]): void {
  const events = lines.map(([level, text], index) => ({
    sequence: index + 1,
    at: later(at, index * 9).toISOString(),
    body: { type: 'log' as const, level, text },
  }))
  appendRunLog({ name: 'backup', id, attempt: 1 }, events)
}
