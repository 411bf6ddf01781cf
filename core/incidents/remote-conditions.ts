import { groupBy } from '@/core/health/group-by'
import { isRemoteTrouble } from '@/core/health/judge'
import type { ProblemFacts } from '@/protocol/problem'
import type { Condition } from './condition'
import type { WatchedInstance } from './plan-conditions'
import { listInWords } from './words'

/** A run that failed because of its remote. */
export type RemoteFault = {
  remote: { id: string; name: string }
  instanceId: string
  /** what failed, in words: `the backup of “nightly”` */
  what: string
  problem: ProblemFacts
  at: Date
}

/**
 * One condition per remote, however many plans it fails. `others`: faults of deletions and looks; those older than a good backup on
 * that remote are over, as it answers again.
 */
export function remoteConditions(instances: WatchedInstance[], others: RemoteFault[]): Condition[] {
  const answeredAt = latestAnswers(instances)
  const faults = [
    ...instances.flatMap(backupFaults),
    ...others.filter(({ remote, at }) => at.getTime() > (answeredAt.get(remote.id) ?? 0)),
  ]
  return [...groupBy(faults, ({ remote }) => remote.id).values()].map(conditionOf)
}

function backupFaults({ id, name, plans }: WatchedInstance): RemoteFault[] {
  return plans.flatMap(({ name: planName, remote, newestEnded, paused }) => {
    if (!remote || !newestEnded || paused || newestEnded.state !== 'failed') return []
    const { problem, finishedAt } = newestEnded
    if (!problem || !isRemoteTrouble(problem)) return []
    return [
      { remote, instanceId: id, what: `the backup “${planName}” of ${name}`, problem, at: finishedAt ?? new Date(0) },
    ]
  })
}

/** By remote when a good backup last came to lie there. */
function latestAnswers(instances: WatchedInstance[]): Map<string, number> {
  const answers = new Map<string, number>()
  for (const { plans } of instances)
    for (const { remote, newestGood } of plans)
      if (remote && newestGood)
        answers.set(remote.id, Math.max(answers.get(remote.id) ?? 0, newestGood.finishedAt.getTime()))
  return answers
}

function conditionOf(faults: RemoteFault[]): Condition {
  const latest = faults.reduce((a, b) => (b.at > a.at ? b : a))
  const earliest = faults.reduce((a, b) => (b.at < a.at ? b : a))
  const failed = listInWords([...new Set(faults.map(({ what }) => what))])
  const isBackup = faults.some(({ what }) => what.startsWith('the backup'))
  return {
    kind: 'remote-trouble',
    subject: `remote:${latest.remote.id}`,
    severity: isBackup ? 'critical' : 'warning',
    title: `The remote “${latest.remote.name}” does not work`,
    text: `It failed ${failed}: ${latest.problem.text}`,
    meaning: isBackup
      ? 'No backup gets there while this lasts; earlier ones may be out of reach.'
      : 'Backups still get there, as far as is known.',
    action: latest.problem.action ?? 'Open the remote and test it from a worker.',
    href: `/remotes/${latest.remote.id}`,
    instanceIds: [...new Set(faults.map(({ instanceId }) => instanceId))].sort(),
    since: earliest.at,
  }
}
