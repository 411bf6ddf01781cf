import type { Condition } from './condition'
import { momentInWords } from './words'

export type WatchedPing = {
  id: string
  /** host of its address */
  place: string
  /** null: of control itself */
  plan: { id: string; name: string; instanceId: string; instanceName: string } | null
  failingSince: Date | null
  answer: string | null
}

/** What is not taken for less than this may be by itself. */
const patienceSeconds = 1800

export function pingConditions({ id, place, plan, failingSince, answer }: WatchedPing, now: Date): Condition[] {
  if (!failingSince || now.getTime() - failingSince.getTime() < patienceSeconds * 1000) return []
  const name = plan ? `“${plan.name}” of ${plan.instanceName}` : 'control'
  return [
    {
      kind: 'ping-failing',
      subject: `ping:${id}`,
      severity: 'warning',
      title: `${place} does not take the pings of ${name}`,
      text: `Every attempt failed since ${momentInWords(failingSince)}. ${answer ?? ''}`.trim(),
      meaning: 'Backups go on. Whoever watches from outside hears nothing, and may raise a false alarm.',
      action: 'Look at what it answers, and set its address anew on the page of alerts.',
      href: plan ? `/plans/${plan.id}` : '/alerts',
      instanceIds: plan ? [plan.instanceId] : [],
      since: failingSince,
    },
  ]
}
