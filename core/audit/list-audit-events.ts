import { db } from '@/lib/db'

export type AuditListItem = {
  id: number
  at: Date
  actorKind: string
  actorName: string | null
  action: string
  subjectKind: string
  subjectId: string
  /** slug; null when it concerns none, or one that is gone */
  instance: string | null
  detail: Record<string, unknown>
}

export type AuditPage = { items: AuditListItem[]; total: number; page: number; pages: number }

const eventsPerPage = 50

/** Audit events, newest first, of one instance (slug) or of all. A page beyond the last gives the last. */
export async function listAuditEvents(filter: { instance?: string | undefined; page: number }): Promise<AuditPage> {
  const instances = await db().instance.findMany({ select: { id: true, slug: true } })
  const instanceId = instances.find(({ slug }) => slug === filter.instance)?.id
  const where = filter.instance ? { instanceId: instanceId ?? '' } : {}
  const total = await db().auditEvent.count({ where })
  const pages = Math.max(1, Math.ceil(total / eventsPerPage))
  const page = Math.min(Math.max(1, filter.page), pages)
  const rows = await db().auditEvent.findMany({
    where,
    orderBy: { id: 'desc' },
    skip: (page - 1) * eventsPerPage,
    take: eventsPerPage,
  })
  const slugs = new Map(instances.map(({ id, slug }) => [id, slug]))
  const items = rows.map(({ actorId: _, instanceId, ...row }) => ({
    ...row,
    instance: (instanceId && slugs.get(instanceId)) ?? null,
    detail: detailOf(row),
  }))
  return { items, total, page, pages }
}

/** What else an event tells; empty where it tells nothing, or something that is no record. */
export function detailOf({ detail }: { detail: unknown }): Record<string, unknown> {
  return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? { ...detail } : {}
}
