import { nextStart } from '@/core/plans/start-time'
import { isSilent } from '@/core/workers/silence-rules'
import type { Environment } from '@/protocol/names'
import type { ProblemFacts } from '@/protocol/problem'
import { type CopyFacts, judgeCopies, minuteOf } from './judge-copies'
import { overdueSince, type RunTimes, type ScheduleFacts } from './overdue'

/** How well a plan and an instance are protected, judged from facts alone: no clock, no database. */

export type RunState = 'queued' | 'running' | 'succeeded' | 'warning' | 'failed' | 'cancelled' | 'lost' | 'skipped'

/** From least to most. */
export const verifications = ['none', 'uploaded', 'readBack', 'drilled'] as const
export type Verification = (typeof verifications)[number]

/** A backup that ended well, has its manifest signed, and lies on a remote now. */
export type GoodBackup = RunTimes & {
  id: string
  finishedAt: Date
  withWarnings: boolean
  /** how far it was verified on the remote where that was done best */
  verification: Verification
  /** files that became shorter while they were read, so that their ends are zeros */
  shortFiles: number
}

export type EndedRun = { id: string; state: RunState; finishedAt: Date | null; problem: ProblemFacts | null }

export type PlanHealthFacts = ScheduleFacts & {
  name: string
  paused: boolean
  /** why retention stands still; null: it does not */
  heldReason: string | null
  remote: { id: string; name: string } | null
  /** the connection of that remote, where a person must connect it anew; null: it has none, or it is well */
  lostConnection: { id: string; name: string } | null
  newestGood: GoodBackup | null
  /** newest scheduled or manual run that is over, skipped ones left out */
  newestEnded: EndedRun | null
  underWay: (RunTimes & { id: string; state: RunState }) | null
  /** of its further remotes */
  copies: CopyFacts[]
  /** backups that should lie on a remote and do not */
  missingBackups: number
  /** a backup of it was restored and compared at some time */
  wasDrilled: boolean
}

export type WorkerHealthFacts = {
  slug: string
  state: 'pending' | 'active' | 'revoked'
  lastSeenAt: Date | null
  /** a worker that took over a revoked one's slug has its sources too */
  sourceCount: number
}

export type RemoteTrouble = { remote: { id: string; name: string }; problem: ProblemFacts; at: Date }

export type InstanceHealthFacts = {
  slug: string
  name: string
  environment: Environment
  workers: WorkerHealthFacts[]
  sourceCount: number
  plans: PlanHealthFacts[]
  /** newest deletion per remote that failed because of that remote */
  remoteTroubles: RemoteTrouble[]
  /** newest look per remote, where it failed for a reason that lasts until somebody does something */
  failedLooks: RemoteTrouble[]
}

/** From worst to best. */
export const healthStates = ['unprotected', 'at risk', 'paused', 'protected'] as const
export type HealthState = (typeof healthStates)[number]

/** `isRisk`: it takes the word “protected” away; others are worth knowing, no more. */
export type Finding = { isRisk: boolean; text: string; href: string }

export type PlanHealth = {
  state: HealthState
  findings: Finding[]
  /** the planned time whose good backup is missing */
  overdueSince: Date | null
  /** null while paused */
  nextRunAt: Date | null
}

export type InstanceHealth = {
  state: HealthState
  findings: Finding[]
  /** of the plan that is worst off: the oldest wins, so that one good plan never hides another; null when a plan has none */
  newestGood: GoodBackup | null
  /** of the plan that runs first */
  next: { at: Date; timeZone: string } | null
  /** by id */
  plans: Map<string, PlanHealth>
  /** something is protected, and nothing of it was ever restored and compared */
  isNeverDrilled: boolean
}

export function judgePlan(plan: PlanHealthFacts, now: Date): PlanHealth {
  const href = `/plans/${plan.id}`
  const since = plan.paused ? null : overdueSince(plan, plan.newestGood, plan.underWay, now)
  const findings = [
    ...(plan.paused ? [remark(`The plan “${plan.name}” is paused.`, href)] : findOverdue(plan, since, href)),
    ...findLostConnection(plan),
    ...findLatestFault(plan),
    ...findContentFaults(plan, href),
    ...judgeCopies(plan, now).map((verdict) => ({ ...verdict, href })),
  ]
  return {
    state: planStateOf(plan, findings),
    findings: risksFirst(findings),
    overdueSince: since,
    nextRunAt: plan.paused ? null : nextStart(plan, now),
  }
}

/**
 * `hearingSince`: since when workers could be heard without a gap; what they did not say before is our silence, not theirs.
 */
export function judgeInstance(facts: InstanceHealthFacts, hearingSince: Date, now: Date): InstanceHealth {
  const plans = facts.plans.map((plan) => ({ ...plan, health: judgePlan(plan, now) }))
  const findings = risksFirst([
    ...findMissingStep(facts),
    ...facts.workers.flatMap((worker) => judgeWorker(worker, facts, hearingSince, now)),
    ...facts.remoteTroubles.filter((trouble) => isStillTrue(trouble, facts.plans)).map(judgeRemote),
    ...facts.failedLooks.filter((trouble) => isStillTrue(trouble, facts.plans)).map(judgeLook),
    ...plans.flatMap(({ health }) => health.findings),
  ])
  const active = plans.filter(({ paused }) => !paused)
  const goods = (active.length ? active : plans).map(({ newestGood }) => newestGood)
  const next = active.flatMap(({ health, timeZone }) => (health.nextRunAt ? [{ at: health.nextRunAt, timeZone }] : []))
  return {
    state: instanceStateOf(
      plans.map(({ health }) => health.state),
      findings,
    ),
    findings,
    plans: new Map(plans.map(({ id, health }) => [id, health])),
    newestGood: goods.toSorted((a, b) => Number(a?.finishedAt ?? 0) - Number(b?.finishedAt ?? 0))[0] ?? null,
    next: next.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null,
    isNeverDrilled: facts.plans.some((plan) => plan.newestGood) && !facts.plans.some((plan) => plan.wasDrilled),
  }
}

const environmentOrder = ['production', 'testing', 'development']

/** Production first; within an environment worst first, then by name. */
export function byEnvironmentAndUrgency(
  a: { environment: Environment; state: HealthState; name: string },
  b: { environment: Environment; state: HealthState; name: string },
): number {
  return (
    environmentOrder.indexOf(a.environment) - environmentOrder.indexOf(b.environment) ||
    healthStates.indexOf(a.state) - healthStates.indexOf(b.state) ||
    a.name.localeCompare(b.name)
  )
}

function planStateOf({ paused, newestGood }: PlanHealthFacts, findings: Finding[]): HealthState {
  if (!newestGood) return 'unprotected'
  if (findings.some(({ isRisk }) => isRisk)) return 'at risk'
  return paused ? 'paused' : 'protected'
}

function instanceStateOf(plans: HealthState[], findings: Finding[]): HealthState {
  if (plans.every((state) => state === 'unprotected')) return 'unprotected'
  if (plans.includes('unprotected') || findings.some(({ isRisk }) => isRisk)) return 'at risk'
  return plans.includes('protected') ? 'protected' : 'paused'
}

/** Of an instance that is being set up: the next step alone. */
function findMissingStep({ slug, workers, sourceCount, plans }: InstanceHealthFacts): Finding[] {
  const place = `/instances/${slug}`
  if (plans.length > 0) return []
  if (!workers.some(({ state }) => state !== 'revoked')) return [risk('It has no worker yet.', `${place}/workers/new`)]
  if (sourceCount === 0) return [risk('It has no source yet.', `${place}/sources/new`)]
  return [risk('It has no plan yet.', '/plans/new')]
}

function judgeWorker(
  { slug, state, lastSeenAt, sourceCount }: WorkerHealthFacts,
  { slug: instance, plans }: InstanceHealthFacts,
  hearingSince: Date,
  now: Date,
): Finding[] {
  const href = `/instances/${instance}`
  const finding = plans.length > 0 && sourceCount > 0 ? risk : remark
  if (state === 'pending') return [remark(`The worker “${slug}” waits for its fingerprint to be confirmed.`, href)]
  if (state === 'revoked')
    return sourceCount > 0 ? [finding(`The worker “${slug}” is revoked: nobody reads its sources.`, href)] : []
  if (!lastSeenAt) return [finding(`The worker “${slug}” was never seen running.`, href)]
  const heardAt = lastSeenAt > hearingSince ? lastSeenAt : hearingSince
  return isSilent(heardAt, now) ? [finding(`The worker “${slug}” is silent.`, href)] : []
}

/** A backup that became good, or was copied, after a deletion failed shows that the remote answers again. */
function isStillTrue({ remote, at }: { remote: { id: string }; at: Date }, plans: PlanHealthFacts[]): boolean {
  return !plans.some(
    (plan) =>
      (plan.remote?.id === remote.id && plan.newestGood && plan.newestGood.finishedAt > at) ||
      plan.copies.some((copy) => copy.remote.id === remote.id && copy.copiedAt && copy.copiedAt > at),
  )
}

function judgeRemote({ remote, problem }: RemoteTrouble): Finding {
  return risk(`Deleting on the remote “${remote.name}” failed: ${problem.text}`, `/remotes/${remote.id}`)
}

function judgeLook({ remote, problem }: RemoteTrouble): Finding {
  return risk(`Looking at its backups on the remote “${remote.name}” failed: ${problem.text}`, `/remotes/${remote.id}`)
}

function findOverdue(
  { name, newestGood, newestEnded, underWay }: PlanHealthFacts,
  since: Date | null,
  href: string,
): Finding[] {
  const meanwhile = underWay?.startedAt ? ' A run is under way.' : underWay ? ' A run waits for its worker.' : ''
  if (since) return [risk(`The plan “${name}” is overdue since ${minuteOf(since)}.${meanwhile}`, href)]
  if (newestGood || newestEnded) return []
  return [risk(`The plan “${name}” has no good backup yet.${meanwhile}`, href)]
}

/** Of a paused plan it keeps nothing from happening, but restores need it as well. */
function findLostConnection({ name, lostConnection }: PlanHealthFacts): Finding[] {
  if (!lostConnection) return []
  const text = `The connection “${lostConnection.name}”, which “${name}” writes through, must be connected anew: no backup reaches its remote.`
  return [risk(text, `/connections/${lostConnection.id}`)]
}

function findLatestFault({ name, newestGood, newestEnded, remote }: PlanHealthFacts): Finding[] {
  if (!newestEnded) return []
  const { state, problem } = newestEnded
  const href = `/backups/${newestEnded.id}`
  const why = problem ? `: ${problem.text}` : '.'
  if (state === 'failed' && remote && isRemoteTrouble(problem))
    return [risk(`The remote “${remote.name}” failed the latest backup of “${name}”${why}`, href)]
  if (state === 'failed') return [risk(`The latest backup of “${name}” failed${why}`, href)]
  if (state === 'lost') return [risk(`The latest backup of “${name}” was lost: its worker fell silent.`, href)]
  if (state === 'cancelled') return [remark(`The latest backup of “${name}” was cancelled.`, href)]
  return newestGood ? [] : [risk(`No good backup of “${name}” is on a remote any more.`, href)]
}

function findContentFaults({ name, heldReason, newestGood, missingBackups }: PlanHealthFacts, href: string): Finding[] {
  const findings: Finding[] = []
  if (heldReason) findings.push(risk(`The shrink guard holds the retention of “${name}”: ${heldReason}`, href))
  if (newestGood && newestGood.shortFiles > 0)
    findings.push(
      risk(
        `The latest backup of “${name}” is short: ${newestGood.shortFiles === 1 ? 'one file' : `${newestGood.shortFiles} files`} shrank while being read.`,
        `/backups/${newestGood.id}`,
      ),
    )
  if (missingBackups > 0)
    findings.push(
      risk(
        `${missingBackups === 1 ? 'A backup' : `${missingBackups} backups`} of “${name}” ${missingBackups === 1 ? 'is' : 'are'} missing on the remote.`,
        href,
      ),
    )
  return findings
}

/** Whether a problem is the remote's: the engine's codes for it begin so (engine/remote/remote-problem.ts). */
export function isRemoteTrouble(problem: ProblemFacts | null): boolean {
  return problem?.code.startsWith('remote-') ?? false
}

/** Codes of faults that no second try mends: somebody else's folder or none, what the host's policy forbids, refused access. */
const lastingCodes = [
  ...[
    'marker-missing',
    'foreign-folder',
    'outside-policy',
    'remote-denied',
    'remote-bucket-missing',
    'remote-not-found',
  ],
  ...['remote-wrong-password', 'remote-wrong-host-key', 'remote-bad-private-key', 'remote-untrusted-certificate'],
  ...['remote-token-refused', 'remote-access-over', 'remote-reconnect-needed'],
]

export function isLasting(problem: ProblemFacts | null): boolean {
  return problem !== null && lastingCodes.includes(problem.code)
}

function risksFirst(findings: Finding[]): Finding[] {
  return findings.toSorted((a, b) => Number(b.isRisk) - Number(a.isRisk))
}

const risk = (text: string, href: string): Finding => ({ isRisk: true, text, href })
const remark = (text: string, href: string): Finding => ({ isRisk: false, text, href })
