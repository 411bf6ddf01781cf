import { isSilent } from '@/core/workers/silence-rules'

/** What the overview says of an instance, worked out from facts alone: no clock, no database. */

export type RunState = 'queued' | 'running' | 'succeeded' | 'warning' | 'failed' | 'cancelled' | 'lost' | 'skipped'

export type PlanOverviewFacts = {
  id: string
  name: string
  paused: boolean
  /** why retention stands still; null: it does not */
  heldReason: string | null
  /** latest run of the schedule that should have begun by now, a margin taken off; null: none yet */
  dueAt: Date | null
  /** null while paused */
  nextRunAt: Date | null
  /** newest scheduled or manual run */
  newest: { id: string; state: RunState; plannedAt: Date | null; requestedAt: Date; problemText: string | null } | null
  /** newest that is good and present on a remote */
  lastGood: LastGood | null
}

/** `verification`: how far it was verified on the remote where that was done best */
export type LastGood = { id: string; finishedAt: Date; withWarnings: boolean; verification: Verification }

/** From least to most. */
export const verifications = ['none', 'uploaded', 'readBack', 'drilled'] as const
export type Verification = (typeof verifications)[number]

export type InstanceOverviewFacts = {
  slug: string
  name: string
  environment: 'development' | 'testing' | 'production'
  /** `sourceCount`: a worker that took over a revoked one's slug has its sources too */
  workers: { slug: string; state: 'pending' | 'active' | 'revoked'; lastSeenAt: Date | null; sourceCount: number }[]
  sourceCount: number
  plans: PlanOverviewFacts[]
}

/** From worst to best; the worst finding names the instance's level. */
const levels = ['bad', 'warning', 'good'] as const
export type Level = (typeof levels)[number]

type Finding = { level: Level; text: string; href: string }

export type InstanceOverview = {
  slug: string
  name: string
  environment: InstanceOverviewFacts['environment']
  level: Level
  findings: Finding[]
  planCount: number
  /** of the plan that is worst off: its oldest wins, so that one good plan never hides another */
  lastGood: LastGood | null
  nextRunAt: Date | null
  running: { id: string; state: RunState } | null
}

export function judgeInstance(facts: InstanceOverviewFacts, now: Date): InstanceOverview {
  const active = facts.plans.filter((plan) => !plan.paused)
  const findings = [
    ...findMissingSteps(facts),
    ...facts.workers.flatMap((worker) => judgeWorker(worker, facts, now)),
    ...facts.plans.flatMap(judgePlan),
  ].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
  const lastGoods = (active.length ? active : facts.plans).map((plan) => plan.lastGood)
  const running = facts.plans.map((plan) => plan.newest).find((run) => run && isUnderWay(run.state))
  return {
    slug: facts.slug,
    name: facts.name,
    environment: facts.environment,
    level: findings[0]?.level ?? 'good',
    findings,
    planCount: facts.plans.length,
    lastGood: oldest(lastGoods),
    nextRunAt: earliest(active.map((plan) => plan.nextRunAt)),
    running: running ? { id: running.id, state: running.state } : null,
  }
}

/** Worst first; among equals production first, then by name. */
export function byUrgency(a: InstanceOverview, b: InstanceOverview): number {
  const environments = ['production', 'testing', 'development']
  return (
    levels.indexOf(a.level) - levels.indexOf(b.level) ||
    environments.indexOf(a.environment) - environments.indexOf(b.environment) ||
    a.name.localeCompare(b.name)
  )
}

/** Of an instance that is being set up: the next step alone. */
function findMissingSteps({ slug, workers, sourceCount, plans }: InstanceOverviewFacts): Finding[] {
  const place = `/instances/${slug}`
  if (plans.length) return []
  if (!workers.some(({ state }) => state !== 'revoked'))
    return [{ level: 'warning', text: 'Not protected yet: it has no worker.', href: `${place}/workers/new` }]
  if (sourceCount === 0)
    return [{ level: 'warning', text: 'Not protected yet: it has no source.', href: `${place}/sources/new` }]
  return [{ level: 'warning', text: 'Not protected yet: it has no plan.', href: '/plans/new' }]
}

function judgeWorker(
  { slug, state, lastSeenAt, sourceCount }: InstanceOverviewFacts['workers'][number],
  { slug: instance, plans }: InstanceOverviewFacts,
  now: Date,
): Finding[] {
  const href = `/instances/${instance}`
  if (state === 'pending')
    return [{ level: 'warning', text: `The worker “${slug}” waits for its fingerprint to be confirmed.`, href }]
  if (state === 'revoked' && sourceCount > 0 && plans.length > 0)
    return [{ level: 'bad', text: `The worker “${slug}” is revoked: nobody reads its sources.`, href }]
  if (state !== 'active') return []
  if (!lastSeenAt) return [{ level: 'warning', text: `The worker “${slug}” was never seen running.`, href }]
  if (!isSilent(lastSeenAt, now)) return []
  return [{ level: plans.length ? 'bad' : 'warning', text: `The worker “${slug}” is silent.`, href }]
}

function judgePlan(plan: PlanOverviewFacts): Finding[] {
  const findings: Finding[] = []
  const href = `/plans/${plan.id}`
  if (plan.paused) findings.push({ level: 'warning', text: `The plan “${plan.name}” is paused.`, href })
  else findings.push(...judgeSchedule(plan, href))
  if (plan.newest) findings.push(...judgeNewest(plan, plan.newest))
  if (plan.heldReason)
    findings.push({ level: 'warning', text: `Retention of “${plan.name}” stands still: ${plan.heldReason}`, href })
  return findings
}

function judgeSchedule({ name, dueAt, newest, lastGood }: PlanOverviewFacts, href: string): Finding[] {
  const begun = newest && (newest.plannedAt ?? newest.requestedAt)
  if (dueAt && (!begun || begun < dueAt))
    return [{ level: 'bad', text: `The plan “${name}” is overdue: its latest run did not begin.`, href }]
  if (lastGood || (newest && !isUnderWay(newest.state))) return []
  return [{ level: 'warning', text: `The plan “${name}” has no good backup yet.`, href }]
}

function judgeNewest(
  { name, lastGood }: PlanOverviewFacts,
  newest: NonNullable<PlanOverviewFacts['newest']>,
): Finding[] {
  const href = `/backups/${newest.id}`
  const why = newest.problemText ? `: ${newest.problemText}` : '.'
  if (newest.state === 'failed') return [{ level: 'bad', text: `The latest backup of “${name}” failed${why}`, href }]
  if (newest.state === 'lost')
    return [{ level: 'bad', text: `The latest backup of “${name}” was lost: its worker fell silent.`, href }]
  if (newest.state === 'cancelled')
    return [{ level: 'warning', text: `The latest backup of “${name}” was cancelled.`, href }]
  if (newest.state === 'skipped')
    return [{ level: 'warning', text: `The latest run of “${name}” was skipped${why}`, href }]
  const isGone = !isUnderWay(newest.state) && !lastGood
  return isGone ? [{ level: 'bad', text: `No good backup of “${name}” is on a remote any more.`, href }] : []
}

function isUnderWay(state: RunState): boolean {
  return state === 'queued' || state === 'running'
}

/** null when a plan has none */
function oldest(lastGoods: (LastGood | null)[]): LastGood | null {
  const [first = null] = lastGoods.toSorted((a, b) => Number(a?.finishedAt ?? 0) - Number(b?.finishedAt ?? 0))
  return first
}

function earliest(times: (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null)
  return known.length ? new Date(Math.min(...known.map((time) => time.getTime()))) : null
}
