import { findNewest } from '@/core/backups/find-newest'
import { scheduleOf } from '@/core/plans/plan-columns'
import { db, type Prisma } from '@/lib/db'
import { type ProblemFacts, problemSchema } from '@/protocol/problem'
import {
  type GoodBackup,
  type InstanceHealthFacts,
  isLasting,
  isRemoteTrouble,
  type PlanHealthFacts,
  verifications,
} from './judge'
import { readCopyFacts } from './read-copy-facts'

export type ReadInstance = InstanceHealthFacts & { id: string }

/** Content that is there but is not whole (engine/files/tar-messages.ts). */
const shortContentCodes = ['file-shrank']

/** What health is judged from, of all instances or of one: one query for each kind of fact, however many plans there are. */
export async function readHealthFacts(filter: { instanceId?: string } = {}): Promise<ReadInstance[]> {
  const instances = await readInstances(filter)
  const planIds = instances.flatMap(({ plans }) => plans.map(({ id }) => id))
  const [newest, missing, drilled, troubles, looks, copies] = await Promise.all([
    readNewestRuns(planIds),
    countMissing(),
    readDrilledPlans(),
    readRemoteTroubles(),
    readFailedLooks(),
    readCopyFacts(),
  ])
  return instances.map(({ plans, workers, _count, ...instance }) => ({
    ...instance,
    workers: workers.map(({ _count: { sources }, ...worker }) => ({ ...worker, sourceCount: sources })),
    sourceCount: _count.sources,
    plans: plans.map(({ targets, ...plan }) => ({
      ...plan,
      ...scheduleOf(plan),
      ...remoteOf(targets[0]?.remote),
      newestGood: newest.good.get(plan.id) ?? null,
      newestEnded: newest.ended.get(plan.id) ?? null,
      underWay: newest.underWay.get(plan.id) ?? null,
      copies: copies.get(plan.id) ?? [],
      missingBackups: missing.get(plan.id) ?? 0,
      wasDrilled: drilled.has(plan.id),
    })),
    remoteTroubles: troubles.get(instance.id) ?? [],
    failedLooks: looks.get(instance.id) ?? [],
  }))
}

type RemoteRow = { id: string; name: string; connection: { id: string; name: string; state: string } | null }

function remoteOf(row: RemoteRow | undefined): Pick<PlanHealthFacts, 'remote' | 'lostConnection'> {
  if (!row) return { remote: null, lostConnection: null }
  const { connection, ...remote } = row
  const isLost = connection && connection.state !== 'connected'
  return { remote, lostConnection: isLost ? { id: connection.id, name: connection.name } : null }
}

function readInstances({ instanceId }: { instanceId?: string }) {
  return db().instance.findMany({
    where: instanceId ? { id: instanceId } : {},
    select: {
      id: true,
      slug: true,
      name: true,
      environment: true,
      workers: { select: { slug: true, state: true, lastSeenAt: true, _count: { select: { sources: true } } } },
      _count: { select: { sources: true } },
      plans: {
        orderBy: { name: 'asc' },
        select: {
          id: true,
          name: true,
          paused: true,
          cron: true,
          timeZone: true,
          spreadMinutes: true,
          blackouts: true,
          scheduledFrom: true,
          graceSeconds: true,
          durationLimitSeconds: true,
          heldReason: true,
          targets: {
            orderBy: { position: 'asc' },
            take: 1,
            select: {
              remote: {
                select: { id: true, name: true, connection: { select: { id: true, name: true, state: true } } },
              },
            },
          },
        },
      },
    },
  })
}

type NewestRuns = {
  good: Map<string, GoodBackup>
  ended: Map<string, NonNullable<PlanHealthFacts['newestEnded']>>
  underWay: Map<string, NonNullable<PlanHealthFacts['underWay']>>
}

async function readNewestRuns(planIds: string[]): Promise<NewestRuns> {
  const places = await findNewest(planIds)
  const goodSequences = new Set(places.flatMap(({ good }) => good ?? []))
  const [rows, short] = await Promise.all([
    db().backup.findMany({
      where: {
        sequence: { in: places.flatMap(({ good, ended, underWay }) => [good, ended, underWay]).filter(isNumber) },
      },
      select: newestSelect,
    }),
    countShortFiles(goodSequences),
  ])
  const bySequence = new Map(rows.map((row) => [row.sequence, row]))
  const newest: NewestRuns = { good: new Map(), ended: new Map(), underWay: new Map() }
  for (const { planId, good, ended, underWay } of places) {
    const [goodRow, endedRow, openRow] = [good, ended, underWay].map((sequence) => bySequence.get(sequence ?? -1))
    if (goodRow) newest.good.set(planId, toGoodBackup(goodRow, short.get(goodRow.id) ?? 0))
    if (endedRow) newest.ended.set(planId, { ...endedRow, problem: problemOf(endedRow.problem) })
    if (openRow) newest.underWay.set(planId, openRow)
  }
  return newest
}

const newestSelect = {
  sequence: true,
  id: true,
  state: true,
  plannedAt: true,
  startedAt: true,
  finishedAt: true,
  problem: true,
  copies: { where: { presence: 'present' }, select: { verification: true } },
} satisfies Prisma.BackupSelect
type NewestRow = Prisma.BackupGetPayload<{ select: typeof newestSelect }>

function toGoodBackup(
  { id, state, plannedAt, startedAt, finishedAt, copies }: NewestRow,
  shortFiles: number,
): GoodBackup {
  const found = copies.map(({ verification }) => verification)
  return {
    id,
    plannedAt,
    startedAt,
    finishedAt: finishedAt ?? startedAt ?? new Date(0),
    withWarnings: state === 'warning',
    verification: verifications.findLast((candidate) => found.includes(candidate)) ?? 'none',
    shortFiles,
  }
}

async function countShortFiles(goodSequences: Set<number>): Promise<Map<string, number>> {
  const groups = await db().backupWarning.groupBy({
    by: ['backupId'],
    where: { code: { in: shortContentCodes }, backup: { sequence: { in: [...goodSequences] } } },
    _count: true,
  })
  return new Map(groups.map(({ backupId, _count }) => [backupId, _count]))
}

async function countMissing(): Promise<Map<string | null, number>> {
  const rows = await db().copy.findMany({
    where: { presence: 'missing' },
    select: { backup: { select: { planId: true } } },
  })
  const counts = new Map<string | null, number>()
  for (const { backup } of rows) counts.set(backup.planId, (counts.get(backup.planId) ?? 0) + 1)
  return counts
}

async function readDrilledPlans(): Promise<Set<string | null>> {
  const rows = await db().restore.findMany({
    where: { state: 'succeeded', backupId: { not: null } },
    select: { backup: { select: { planId: true } } },
  })
  return new Set(rows.map(({ backup }) => backup?.planId ?? null))
}

/** Of each instance and remote the newest deletion, where it failed because of the remote. */
async function readRemoteTroubles(): Promise<Map<string, InstanceHealthFacts['remoteTroubles']>> {
  const newest = await db().prune.groupBy({
    by: ['instanceId', 'remoteId'],
    where: { finishedAt: { not: null } },
    _max: { finishedAt: true },
  })
  const prunes = await db().prune.findMany({
    where: { state: 'failed', finishedAt: { in: newest.flatMap(({ _max }) => _max.finishedAt ?? []) } },
    select: { instanceId: true, problem: true, finishedAt: true, remote: { select: { id: true, name: true } } },
  })
  const troubles = new Map<string, InstanceHealthFacts['remoteTroubles']>()
  for (const { instanceId, problem, finishedAt, remote } of prunes) {
    const facts = problemOf(problem)
    if (!facts || !finishedAt || !isRemoteTrouble(facts)) continue
    troubles.set(instanceId, [...(troubles.get(instanceId) ?? []), { remote, problem: facts, at: finishedAt }])
  }
  return troubles
}

/** Of each instance and remote the newest look, where it failed for a lasting reason. One that was cancelled says nothing. */
async function readFailedLooks(): Promise<Map<string, InstanceHealthFacts['failedLooks']>> {
  const newest = await db().inspection.groupBy({
    by: ['instanceId', 'remoteId'],
    where: { state: { in: ['succeeded', 'warning', 'failed'] } },
    _max: { finishedAt: true },
  })
  const rows = await db().inspection.findMany({
    where: { state: 'failed', finishedAt: { in: newest.flatMap(({ _max }) => _max.finishedAt ?? []) } },
    select: { instanceId: true, problem: true, finishedAt: true, remote: { select: { id: true, name: true } } },
  })
  const looks = new Map<string, InstanceHealthFacts['failedLooks']>()
  for (const { instanceId, problem, finishedAt, remote } of rows) {
    const facts = problemOf(problem)
    if (!facts || !finishedAt || !isLasting(facts)) continue
    looks.set(instanceId, [...(looks.get(instanceId) ?? []), { remote, problem: facts, at: finishedAt }])
  }
  return looks
}

function problemOf(json: unknown): ProblemFacts | null {
  return problemSchema.nullable().catch(null).parse(json)
}

function isNumber(value: number | null): value is number {
  return value !== null
}
