import { latestDue, nextRuns } from '@/core/plans/schedule'
import { isAlive } from '@/core/processes/beat'
import { getRecoveryKitState } from '@/core/recovery-kit/get-recovery-kit-state'
import { db } from '@/lib/db'
import { problemSchema } from '@/protocol/problem'
import {
  byUrgency,
  type InstanceOverview,
  judgeInstance,
  type LastGood,
  type PlanOverviewFacts,
  verifications,
} from './overview-rules'

/** A run may begin so much later than planned before it counts as overdue. */
const marginSeconds = 900

/** Done or not, in the order in which a new installation takes them. */
export type SetupSteps = {
  instance: boolean
  worker: boolean
  source: boolean
  remote: boolean
  plan: boolean
  backup: boolean
  recoveryKit: boolean
}

export type Overview = { instances: InstanceOverview[]; steps: SetupSteps; controlIsAlive: boolean }

/** One truthful line an instance, worst first, and what a new installation still lacks. */
export async function listOverview(now = new Date()): Promise<Overview> {
  const [rows, lastGood, remoteCount, control, kit] = await Promise.all([
    readInstances(),
    readLastGood(),
    db().remote.count(),
    db().processLife.findUnique({ where: { name: 'control' } }),
    getRecoveryKitState(),
  ])
  const instances = rows.map(({ plans, workers, _count, ...instance }) =>
    judgeInstance(
      {
        ...instance,
        workers: workers.map((worker) => ({ ...worker, sourceCount: worker._count.sources })),
        sourceCount: _count.sources,
        plans: plans.map((plan) => toPlanFacts(plan, lastGood.get(plan.id) ?? null, now)),
      },
      now,
    ),
  )
  return {
    instances: instances.sort(byUrgency),
    steps: {
      instance: rows.length > 0,
      worker: rows.some(({ workers }) => workers.some(({ state }) => state === 'active')),
      source: rows.some(({ _count }) => _count.sources > 0),
      remote: remoteCount > 0,
      plan: rows.some(({ plans }) => plans.length > 0),
      backup: lastGood.size > 0,
      recoveryKit: kit.isComplete,
    },
    controlIsAlive: control !== null && isAlive(control, now),
  }
}

function readInstances() {
  return db().instance.findMany({
    select: {
      slug: true,
      name: true,
      environment: true,
      workers: { select: { slug: true, state: true, lastSeenAt: true, _count: { select: { sources: true } } } },
      _count: { select: { sources: true } },
      plans: {
        select: {
          id: true,
          name: true,
          paused: true,
          cron: true,
          timeZone: true,
          scheduledFrom: true,
          heldReason: true,
          backups: {
            where: { kind: { not: 'safety' } },
            orderBy: { sequence: 'desc' },
            take: 1,
            select: { id: true, state: true, plannedAt: true, requestedAt: true, problem: true },
          },
        },
      },
    },
  })
}

type PlanRow = Awaited<ReturnType<typeof readInstances>>[number]['plans'][number]

function toPlanFacts(plan: PlanRow, lastGood: LastGood | null, now: Date): PlanOverviewFacts {
  const { id, name, paused, cron, timeZone, scheduledFrom, heldReason } = plan
  const newest = plan.backups[0]
  const problem = problemSchema.safeParse(newest?.problem)
  return {
    id,
    name,
    paused,
    heldReason,
    dueAt: paused ? null : latestDue(cron, timeZone, scheduledFrom, new Date(now.getTime() - marginSeconds * 1000)),
    nextRunAt: paused ? null : (nextRuns(cron, timeZone, now, 1)[0] ?? null),
    newest: newest
      ? {
          id: newest.id,
          state: newest.state,
          plannedAt: newest.plannedAt,
          requestedAt: newest.requestedAt,
          problemText: problem.success ? problem.data.text : null,
        }
      : null,
    lastGood,
  }
}

/** By plan: the newest run that is good and still lies on a remote. */
async function readLastGood(): Promise<Map<string, LastGood>> {
  const newest = await db().backup.groupBy({
    by: ['planId'],
    where: {
      planId: { not: null },
      kind: { not: 'safety' },
      state: { in: ['succeeded', 'warning'] },
      copies: { some: { presence: 'present' } },
    },
    _max: { sequence: true },
  })
  const rows = await db().backup.findMany({
    where: { sequence: { in: newest.flatMap(({ _max }) => _max.sequence ?? []) } },
    select: {
      id: true,
      planId: true,
      state: true,
      finishedAt: true,
      copies: { where: { presence: 'present' }, select: { verification: true } },
    },
  })
  return new Map(
    rows.flatMap(({ id, planId, state, finishedAt, copies }) => {
      if (!planId || !finishedAt) return []
      const found = copies.map((copy) => copy.verification)
      const verification = verifications.findLast((candidate) => found.includes(candidate)) ?? 'none'
      return [[planId, { id, finishedAt, withWarnings: state === 'warning', verification }] as const]
    }),
  )
}
