import type { AuditListItem } from '@/core/audit/list-audit-events'

const kindNames: Record<string, string> = { control: 'Talekeeper', terminal: 'the server’s terminal', worker: 'worker' }

/** Who did it. */
export function actorOf({ actorKind, actorName }: Pick<AuditListItem, 'actorKind' | 'actorName'>): string {
  if (actorKind === 'user') return actorName ?? 'a user'
  return [kindNames[actorKind] ?? actorKind, actorName].filter(Boolean).join(' ')
}

/** What else there is to say of it, in one line. */
export function detailOf({ detail }: Pick<AuditListItem, 'detail'>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ')
}
