import type { IncidentListItem } from '@/core/incidents/list-incidents'

/** `recovered`, `open`, `open, taken on by Ada` … */
export function stateOf({ closedAt, ending, acknowledgedAt, acknowledgedBy, quietUntil }: IncidentListItem): string {
  if (closedAt) return ending ?? 'over'
  if (!acknowledgedAt) return 'open'
  const who = acknowledgedBy ? ` by ${acknowledgedBy}` : ''
  return `${quietUntil ? 'snoozed' : 'taken on'}${who}`
}
