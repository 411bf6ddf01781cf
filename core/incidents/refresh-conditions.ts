import type { ProblemFacts } from '@/protocol/problem'
import type { Condition } from './condition'
import { momentInWords } from './words'

export type WatchedRefresh = {
  id: string
  instance: { id: string; name: string }
  paused: boolean
  /** the latest time for which no restore was asked for; null: there is none */
  dueAt: Date | null
  /** its restore of before waits or runs, or what that keeps beside is being dropped */
  isAtWork: boolean
  problem: ProblemFacts | null
}

/** To drop what the run before keeps beside takes its time. */
const patienceMilliseconds = 30 * 60_000

/** That a refresh did not begin: what keeps it from that is told at once. One that began and failed is told of as a restore. */
export function refreshConditions({ id, instance, dueAt, isAtWork, problem }: WatchedRefresh, now: Date): Condition[] {
  if (!dueAt || (!problem && (isAtWork || now.getTime() - dueAt.getTime() < patienceMilliseconds))) return []
  return [
    {
      ...{ subject: `refresh:${id}`, href: `/refreshes/${id}`, instanceIds: [instance.id] },
      ...{ kind: 'refresh-late', severity: 'warning' },
      title: `The refresh of ${instance.name} did not begin`,
      text: problem?.text ?? `It was due at ${momentInWords(dueAt)}, and no restore was asked for.`,
      meaning: `${instance.name} keeps the data that it has.`,
      action: problem?.action ?? 'Look whether Talekeeper’s control process ran then; its page has “Run now”.',
      since: dueAt,
    },
  ]
}
