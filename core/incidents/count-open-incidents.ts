import type { OpenIncidents } from '@/core/live/schema'
import { db } from '@/lib/db'
import { severities } from './kind-rules'

/** How many are open and how bad the worst is, with a text that changes whenever one of them does. */
export async function countOpenIncidents(): Promise<OpenIncidents> {
  const rows = await db().incident.findMany({
    where: { closedAt: null },
    orderBy: { id: 'asc' },
    select: { id: true, severity: true, changedAt: true, acknowledgedAt: true },
  })
  const version = rows.map(({ id, severity, changedAt, acknowledgedAt }) =>
    [id.slice(0, 8), severity, changedAt.getTime(), acknowledgedAt !== null].join('.'),
  )
  const worst = severities.findLast((candidate) => rows.some(({ severity }) => severity === candidate)) ?? null
  const urgent = rows.filter(({ severity, acknowledgedAt }) => severity !== 'notice' && !acknowledgedAt).length
  return { version: version.join(' '), open: rows.length, urgent, worst }
}
