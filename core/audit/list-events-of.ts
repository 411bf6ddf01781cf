import { db } from '@/lib/db'
import { type AuditListItem, detailOf } from './list-audit-events'

const mostEvents = 100

/** The latest audit events about any of these subjects, newest first. */
export async function listEventsOf(subjectIds: string[]): Promise<Omit<AuditListItem, 'instance'>[]> {
  const rows = await db().auditEvent.findMany({
    where: { subjectId: { in: subjectIds } },
    orderBy: { id: 'desc' },
    take: mostEvents,
    omit: { actorId: true, instanceId: true },
  })
  return rows.map((row) => ({ ...row, detail: detailOf(row) }))
}
