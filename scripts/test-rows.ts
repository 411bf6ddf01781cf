import { randomBytes, randomUUID } from 'node:crypto'
import { sha256Hex } from '@/lib/crypto'
import type { Db, Prisma } from '@/lib/db'
import { protocolVersion } from '@/protocol/version'

/**
 * Rows for tests, each valid as it comes and each field open to an override. A row that needs another (a worker its instance)
 * takes the other's id; nothing is made behind the caller's back.
 */
let count = 0
/** Several processes may fill one database, such as the browser stories after one that failed: no name comes twice. */
const series = randomBytes(3).toString('hex')
const slugOf = (noun: string) => `${noun}-${series}-${++count}`

export function createInstance(db: Db, overrides: Partial<Prisma.InstanceUncheckedCreateInput> = {}) {
  const slug = slugOf('instance')
  return db.instance.create({ data: { slug, name: `Instance ${slug}`, environment: 'testing', ...overrides } })
}

/** An active worker; its bearer key is `workerKeyOf(id)` unless `keySha256` is given. */
export function createWorker(db: Db, instanceId: string, overrides: Partial<Prisma.WorkerUncheckedCreateInput> = {}) {
  const id = overrides.id ?? randomUUID()
  return db.worker.create({
    data: {
      id,
      instanceId,
      slug: slugOf('worker'),
      state: 'active',
      keySha256: sha256Hex(workerKeyOf(id)),
      redisPasswordSha256: sha256Hex(`redis password of ${id}`),
      redisPrefix: randomBytes(16).toString('hex'),
      hostName: 'fileserver.example.org',
      version: '0.1.0',
      protocol: protocolVersion,
      tools: { rclone: '1.60.1', tar: '1.34' },
      confirmedAt: new Date(),
      lastSeenAt: new Date(),
      ...overrides,
    },
  })
}

/** The bearer key of a worker made by `createWorker`. */
export function workerKeyOf(workerId: string): string {
  return `key of worker ${workerId}`
}

/** A directory tree below /srv; for the other kinds give `kind`, `settings` and `secrets`. */
export function createSource(
  db: Db,
  instanceId: string,
  workerId: string,
  overrides: Partial<Prisma.SourceUncheckedCreateInput> = {},
) {
  const slug = overrides.slug ?? slugOf('source')
  return db.source.create({
    data: {
      instanceId,
      workerId,
      slug,
      kind: 'tree',
      settings: { path: `/srv/${slug}`, exclude: [], oneFileSystem: true, mustBeMount: false },
      ...overrides,
    },
  })
}

/** A local-folder remote. */
export function createRemote(db: Db, overrides: Partial<Prisma.RemoteUncheckedCreateInput> = {}) {
  const slug = slugOf('remote')
  return db.remote.create({
    data: {
      slug,
      name: `Remote ${slug}`,
      backend: 'local',
      options: {},
      baseFolder: `/srv/backups/${slug}`,
      ...overrides,
    },
  })
}

/** A nightly plan of the given sources onto one remote, kept for 7 days. */
export function createPlan(
  db: Db,
  facts: { instanceId: string; sourceIds: string[]; remoteId: string; keepDays?: number },
  overrides: Partial<Prisma.PlanUncheckedCreateInput> = {},
) {
  const slug = slugOf('plan')
  return db.plan.create({
    data: {
      instanceId: facts.instanceId,
      slug,
      name: `Plan ${slug}`,
      cron: '0 2 * * *',
      timeZone: 'America/Chicago',
      sources: { create: facts.sourceIds.map((sourceId) => ({ sourceId })) },
      targets: { create: [{ remoteId: facts.remoteId, keepDays: facts.keepDays ?? 7 }] },
      ...overrides,
    },
  })
}

/** A queued manual backup of a plan, with the task of its worker; `copies` gives its presence on a remote. */
export function createBackup(
  db: Db,
  facts: { instanceId: string; planId: string | null; planSlug: string; workerId?: string | null },
  overrides: Partial<Prisma.BackupUncheckedCreateInput> = {},
) {
  const { workerId } = facts
  const { state = 'queued' } = overrides
  const startedAt = state === 'queued' ? null : (overrides.startedAt ?? new Date())
  const finishedAt = overrides.finishedAt ?? null
  return db.backup.create({
    data: {
      ...(workerId ? { tasks: { create: [{ workerId, state, startedAt, finishedAt }] } } : {}),
      instanceId: facts.instanceId,
      planId: facts.planId,
      planSlug: facts.planSlug,
      workerId: workerId ?? null,
      kind: 'manual',
      ...overrides,
    },
  })
}

/** A finished good backup that is present on the remote, as retention and restores meet it. */
export function createGoodBackup(
  db: Db,
  facts: { instanceId: string; planId: string | null; planSlug: string; workerId: string; remoteId: string },
  overrides: Partial<Prisma.BackupUncheckedCreateInput> = {},
) {
  const finishedAt = overrides.finishedAt ?? new Date()
  return createBackup(db, facts, {
    state: 'succeeded',
    startedAt: finishedAt,
    finishedAt,
    goAt: finishedAt,
    folder: `20260101/${String(++count).padStart(6, '0')}Z-${facts.planSlug}`,
    manifestSha256: sha256Hex(`manifest ${count}`),
    copies: { create: [{ remoteId: facts.remoteId, presence: 'present', verification: 'uploaded' }] },
    ...overrides,
  })
}

/** A user that may do everything; the password hash fits no password. */
export function createUser(db: Db, overrides: Partial<Prisma.UserUncheckedCreateInput> = {}) {
  const name = slugOf('user')
  return db.user.create({ data: { email: `${name}@example.org`, name, passwordHash: '', role: 'admin', ...overrides } })
}

/** A channel that is told everything; nothing listens there. */
export function createChannel(db: Db) {
  const everything = { environments: [], instanceIds: [], kinds: [] }
  return db.channel.create({
    data: { name: slugOf('channel'), kind: 'ntfy', settings: { server: 'https://ntfy.sh' }, ...everything },
  })
}

/** One that is over. */
export function createIncident(db: Db) {
  const at = new Date('2026-11-01T02:00:00Z')
  const texts = { title: 'A plan is overdue', text: 'No run began.', meaning: 'Nothing new is kept.', action: 'Look.' }
  return db.incident.create({
    data: {
      ...{ kind: 'backup-overdue', subject: 'plan:gone', severity: 'warning', ...texts, href: '/plans' },
      ...{ openedAt: at, changedAt: at, closedAt: at },
    },
  })
}

/** A refresh of an instance, on Sundays, that nobody makes begin. */
export function createRefresh(db: Db, { instanceId, planId }: { instanceId: string; planId: string }) {
  const request = { workerId: null, remoteId: null, inPlace: { writers: 'command', safety: false } }
  const facts = { instanceId, planId, cron: '0 3 * * 0', timeZone: 'UTC', paused: true }
  return db.refresh.create({ data: { ...facts, request, accepted: [], createdById: randomUUID() } })
}
