import { isAlive } from '@/core/processes/beat'
import { getRecoveryKitState } from '@/core/recovery-kit/get-recovery-kit-state'
import { db, type Environment } from '@/lib/db'
import { groupBy } from './group-by'
import {
  byEnvironmentAndUrgency,
  type HealthState,
  type InstanceHealth,
  judgeInstance,
  type PlanHealth,
  type PlanHealthFacts,
  type RunState,
  type WorkerHealthFacts,
} from './judge'
import { type ReadInstance, readHealthFacts } from './read-facts'
import { readIncidentTimes } from './read-incident-times'
import { marksOf, type Strip, type StripRun, stripOf } from './strip'

const stripDays = 30
/** a day more than the strip has, for plans in zones that are ahead */
const readMilliseconds = (stripDays + 1) * 86_400_000

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

export type PlanOverview = {
  id: string
  name: string
  state: HealthState
  strip: Strip
  /** of the strip's days those on which an incident of the plan opened */
  marks: boolean[]
  /** of the good backups of these days, oldest first */
  sizes: number[]
  bytesOnRemote: number
}

export type InstanceOverview = {
  slug: string
  name: string
  environment: Environment
  state: HealthState
  health: InstanceHealth
  workers: WorkerHealthFacts[]
  plans: PlanOverview[]
}

export type Overview = {
  instances: InstanceOverview[]
  steps: SetupSteps
  controlIsAlive: boolean
  /** since when workers could be heard */
  hearingSince: Date
}

/** Every instance with its judged health and last month, production first, and what a new installation still lacks. */
export async function listOverview(now = new Date()): Promise<Overview> {
  const [facts, runs, incidents, bytes, remoteCount, lives, kit] = await Promise.all([
    readHealthFacts(),
    readRecentRuns(now),
    readIncidentTimes(new Date(now.getTime() - readMilliseconds)),
    sumBytesOnRemotes(),
    db().remote.count(),
    db().processLife.findMany(),
    getRecoveryKitState(),
  ])
  const control = lives.find(({ name }) => name === 'control')
  const hearingSince = hearingSinceOf(lives)
  const instances = facts.map((instance) => toOverview(instance, { runs, incidents, bytes }, hearingSince, now))
  return {
    instances: instances.sort(byEnvironmentAndUrgency),
    steps: {
      instance: facts.length > 0,
      worker: facts.some(({ workers }) => workers.some(({ state }) => state === 'active')),
      source: facts.some(({ sourceCount }) => sourceCount > 0),
      remote: remoteCount > 0,
      plan: facts.some(({ plans }) => plans.length > 0),
      backup: facts.some(({ plans }) => plans.some(({ newestGood }) => newestGood)),
      recoveryKit: kit.isComplete,
    },
    controlIsAlive: control !== undefined && isAlive(control, now),
    hearingSince,
  }
}

/** The judged health of one instance. Null where there is none of that id. */
export async function getInstanceHealth(instanceId: string, now = new Date()): Promise<InstanceHealth | null> {
  const [[facts], lives] = await Promise.all([readHealthFacts({ instanceId }), db().processLife.findMany()])
  return facts ? judgeInstance(facts, hearingSinceOf(lives), now) : null
}

/** Workers are heard by web alone. */
function hearingSinceOf(lives: { name: string; upSince: Date }[]): Date {
  return lives.find(({ name }) => name === 'web')?.upSince ?? new Date(0)
}

type ByPlan = { runs: Map<string, RecentRun[]>; incidents: Map<string, Date[]>; bytes: Map<string, number> }

function toOverview(
  facts: ReadInstance,
  { runs, incidents, bytes }: ByPlan,
  hearingSince: Date,
  now: Date,
): InstanceOverview {
  const health = judgeInstance(facts, hearingSince, now)
  const { slug, name, environment, workers, plans } = facts
  return {
    slug,
    name,
    environment,
    state: health.state,
    health,
    workers: workers.filter(({ state }) => state !== 'revoked'),
    plans: plans.map((plan) => ({
      ...toPlanOverview(plan, health.plans.get(plan.id), runs.get(plan.id) ?? [], incidents.get(plan.id) ?? [], now),
      bytesOnRemote: bytes.get(plan.id) ?? 0,
    })),
  }
}

function toPlanOverview(
  plan: PlanHealthFacts,
  health: PlanHealth | undefined,
  runs: RecentRun[],
  incidents: Date[],
  now: Date,
) {
  const strip = stripOf(plan, runs, health?.overdueSince ?? null, now, stripDays)
  return {
    id: plan.id,
    name: plan.name,
    state: health?.state ?? 'unprotected',
    strip,
    marks: marksOf(strip, incidents, plan.timeZone),
    sizes: runs.filter((run) => run.state === 'succeeded' || run.state === 'warning').map((run) => run.bytes),
  }
}

type RecentRun = StripRun & { bytes: number }

/**
 * By plan the runs of the strip's days, in their order. In SQL: there are thousands. The plus keeps SQLite from walking through
 * all history in the order of sequences.
 */
async function readRecentRuns(now: Date): Promise<Map<string, RecentRun[]>> {
  const rows = await db().$queryRaw<{ planId: string; state: RunState; at: Date; bytes: bigint | number }[]>`
    SELECT b.planId AS "planId", b.state, COALESCE(b.plannedAt, b.requestedAt) AS at, b.bytes FROM Backup b
    WHERE b.requestedAt >= ${new Date(now.getTime() - readMilliseconds)} AND b.planId IS NOT NULL AND b.kind <> 'safety'
    ORDER BY +b.sequence`
  const runs = rows.map(({ planId, state, at, bytes }) => ({ planId, state, at: new Date(at), bytes: Number(bytes) }))
  return groupBy(runs, ({ planId }) => planId)
}

/** By plan what lies on remotes now. In SQL: all backups that are kept are counted. */
async function sumBytesOnRemotes(): Promise<Map<string, number>> {
  const rows = await db().$queryRaw<{ planId: string | null; bytes: bigint | number }[]>`
    SELECT b.planId AS "planId", SUM(b.bytes) AS bytes FROM Copy c JOIN Backup b ON b.id = c.backupId
    WHERE c.presence = 'present' GROUP BY b.planId`
  return new Map(rows.map(({ planId, bytes }) => [planId ?? '', Number(bytes)]))
}
