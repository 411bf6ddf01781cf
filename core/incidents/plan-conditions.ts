import { isRemoteTrouble, type PlanHealthFacts } from '@/core/health/judge'
import { overdueSince } from '@/core/health/overdue'
import type { Condition, Found } from './condition'
import { type HeldDeletions, heldDeletions } from './held-deletions'
import { lateCopies } from './late-copies'
import { oldDrill } from './old-drill'
import { unusualWarnings } from './unusual-warnings'
import { momentInWords, spanInWords } from './words'

export type WatchedPlan = PlanHealthFacts & {
  createdAt: Date
  heldAt: Date | null
  readBackEveryDays: number | null
  /** newest reading back or drill of any of its backups */
  lastReadAt: Date | null
  /** null: nobody asks for drills */
  drillEveryDays: number | null
  /** newest restore of any of its backups that succeeded, so that everything was compared */
  lastDrillAt: Date | null
  /** of its last good backups, newest first */
  warningCounts: number[]
  /** for longer than is tolerable */
  heldDeletions: HeldDeletions[]
}

export type WatchedInstance = { id: string; slug: string; name: string; plans: WatchedPlan[] }

const dayMilliseconds = 86_400_000
/** A read-back that fails is tried again; only then is it worth a word. */
const readBackLeewayDays = 2

/** What is wrong with a plan: judged from its schedule and its runs alone, so that it holds when no run was ever made. */
export function planConditions(instance: WatchedInstance, plan: WatchedPlan, now: Date): Condition[] {
  const common = { subject: `plan:${plan.id}`, href: `/plans/${plan.id}`, instanceIds: [instance.id] }
  const name = `“${plan.name}” of ${instance.name}`
  const found = [
    ...overdue(plan, name, now),
    ...latestFault(plan, name, now),
    ...contentFaults(plan, name),
    ...unusualWarnings(plan, name),
    ...heldDeletions(plan.heldDeletions, name),
    ...lateCopies(plan, name, now),
    ...oldVerification(plan, name, now),
    ...oldDrill(plan, name, now),
  ]
  return found.map((condition) => ({ ...common, ...condition }))
}

function overdue(plan: WatchedPlan, name: string, now: Date): Found[] {
  if (plan.paused) return []
  const since = overdueSince(plan, plan.newestGood, plan.underWay, now)
  if (!since) return []
  return [
    {
      kind: 'backup-overdue',
      severity: 'critical',
      title: `${name} is overdue`,
      text: `A good backup was due at ${momentInWords(since)} and is not there.`,
      meaning: lossOf(plan, now),
      action: 'Look whether the worker runs and what its latest run says, then run the plan now.',
      since,
    },
  ]
}

function latestFault(plan: WatchedPlan, name: string, now: Date): Found[] {
  const { newestEnded: ended } = plan
  if (!ended || plan.paused) return []
  const since = ended.finishedAt
  if (ended.state === 'lost')
    return [
      {
        kind: 'backup-lost',
        severity: 'critical',
        title: `The latest backup of ${name} was lost`,
        text: 'Its worker fell silent in the middle of it.',
        meaning: lossOf(plan, now),
        action: 'Look at the worker’s host: is it up, does the worker run, does it reach the dashboard?',
        href: `/backups/${ended.id}`,
        since,
      },
    ]
  // a remote that fails many plans is one incident of its own
  if (ended.state !== 'failed' || isRemoteTrouble(ended.problem)) return []
  return [
    {
      kind: 'backup-failed',
      severity: 'critical',
      title: `The latest backup of ${name} failed`,
      text: ended.problem?.text ?? 'The run ended without a good backup.',
      meaning: lossOf(plan, now),
      action: ended.problem?.action ?? 'Open the run, read its log, and run the plan again.',
      href: `/backups/${ended.id}`,
      since,
    },
  ]
}

function contentFaults(plan: WatchedPlan, name: string): Found[] {
  const { newestGood, heldReason, missingBackups } = plan
  const found: Found[] = []
  if (heldReason)
    found.push({
      kind: 'retention-held',
      severity: 'warning',
      title: `The shrink guard holds the retention of ${name}`,
      text: heldReason,
      meaning:
        'Nothing of this plan is deleted, so that good backups are not rotated out by bad ones. The remote fills.',
      action: 'Look whether data is really gone. If all is well, accept it on the plan’s page.',
      since: plan.heldAt,
    })
  if (newestGood && newestGood.shortFiles > 0)
    found.push({
      kind: 'backup-short',
      severity: 'warning',
      title: `The latest backup of ${name} has short content`,
      text: `${newestGood.shortFiles === 1 ? 'One file' : `${newestGood.shortFiles} files`} shrank while being read.`,
      meaning: 'The ends of these files are zeros in this backup.',
      action: 'Look at the list of warnings, and run the plan at a quieter time.',
      href: `/backups/${newestGood.id}`,
      since: newestGood.finishedAt,
    })
  if (missingBackups > 0)
    found.push({
      kind: 'copy-missing',
      severity: newestGood ? 'warning' : 'critical',
      title: `${missingBackups === 1 ? 'A backup' : `${missingBackups} backups`} of ${name} ${missingBackups === 1 ? 'is' : 'are'} missing on the remote`,
      text: 'A look at the remote did not find them whole.',
      meaning: newestGood
        ? 'They cannot be restored. The newest good backup is still there.'
        : 'No good backup of this plan is left on a remote.',
      action: 'Look who deletes or changes files there, put them back if you can, and run the plan now.',
      since: null,
    })
  return found
}

function oldVerification(
  { paused, readBackEveryDays, lastReadAt, createdAt }: WatchedPlan,
  name: string,
  now: Date,
): Found[] {
  if (paused || readBackEveryDays === null) return []
  const since = lastReadAt ?? createdAt
  const lateMilliseconds = (readBackEveryDays + readBackLeewayDays) * dayMilliseconds
  if (now.getTime() - since.getTime() < lateMilliseconds) return []
  return [
    {
      kind: 'verification-old',
      severity: 'warning',
      title: `No backup of ${name} was read back for ${spanInWords(now.getTime() - since.getTime())}`,
      text: `The plan asks for it every ${readBackEveryDays === 1 ? 'day' : `${readBackEveryDays} days`}.`,
      meaning: 'Whether its bytes are still right on the remote is not known.',
      action: 'Open its newest backup and let it be read back; its looks say why it did not happen.',
      since: new Date(since.getTime() + readBackEveryDays * dayMilliseconds),
    },
  ]
}

function lossOf({ newestGood }: WatchedPlan, now: Date): string {
  if (!newestGood) return 'There is no good backup of this plan at all.'
  const age = spanInWords(now.getTime() - newestGood.finishedAt.getTime())
  return `If the data were lost now, the work of the last ${age} would be lost: the newest good backup is of ${momentInWords(newestGood.finishedAt)}.`
}
