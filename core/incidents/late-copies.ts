import { isLate } from '@/core/health/judge-copies'
import type { Found } from './condition'
import type { WatchedPlan } from './plan-conditions'
import { listInWords, momentInWords } from './words'

/** A plan's further remotes that lack good backups for longer than its grace: one condition, however many they are. */
export function lateCopies(plan: WatchedPlan, name: string, now: Date): Found[] {
  if (plan.paused) return []
  const late = plan.copies
    .flatMap((copy) => (copy.behindSince && isLate(plan, copy, now) ? [{ ...copy, since: copy.behindSince }] : []))
    .sort((a, b) => a.since.getTime() - b.since.getTime())
  const [first] = late
  if (!first) return []
  const remotes = listInWords(late.map(({ remote }) => `“${remote.name}”`))
  const problem = late.find((copy) => copy.problem)?.problem
  const meanwhile = late.some(({ isUnderWay }) => isUnderWay) ? ' It is being copied.' : ''
  return [
    {
      kind: 'copy-late',
      severity: 'warning',
      title: `The second copy of ${name} is late`,
      text: `${remotes} ${late.length === 1 ? 'lacks' : 'lack'} good backups since ${momentInWords(first.since)}${problem ? `: ${problem.text}` : '.'}${meanwhile}`,
      meaning: 'What was backed up since then lies in one place only. If that is lost, so are these backups.',
      action: problem?.action ?? 'Open the newest backup and look why it is not copied.',
      since: first.since,
    },
  ]
}
