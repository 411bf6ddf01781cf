import { db } from '@/lib/db'

/** The open incident that leads to a page, for its mark there. */
export function findOpenIncident(href: string): Promise<{ id: string; title: string } | null> {
  return db().incident.findFirst({ where: { href, closedAt: null }, select: { id: true, title: true } })
}
