import { db, type Prisma } from '@/lib/db'
import type { IncidentFilter } from './incident-filter'

const incidentsPerPage = 50
const statisticDays = 90
const dayMilliseconds = 86_400_000

const listInclude = {
  instances: { select: { instance: { select: { slug: true, name: true } } } },
} satisfies Prisma.IncidentInclude
type Row = Prisma.IncidentGetPayload<{ include: typeof listInclude }>

export type IncidentListItem = Omit<Row, 'instances' | 'openKey'> & { instances: { slug: string; name: string }[] }

/** Incidents, the open ones and the latest first; and how long those that recovered in the last ninety days had lasted on average. */
export async function listIncidents(filter: IncidentFilter, now = new Date()) {
  const where = whereOf(filter)
  const total = await db().incident.count({ where })
  const pages = Math.max(1, Math.ceil(total / incidentsPerPage))
  const page = Math.min(Math.max(1, filter.page ?? 1), pages)
  const rows = await db().incident.findMany({
    where,
    // of SQLite's nulls the open ones come first when the order goes down
    orderBy: [{ closedAt: { sort: 'desc', nulls: 'first' } }, { openedAt: 'desc' }],
    skip: (page - 1) * incidentsPerPage,
    take: incidentsPerPage,
    include: listInclude,
  })
  return { items: rows.map(toItem), total, page, pages, recovery: await recoveryOf(filter, now) }
}

/** The open ones, worst first, for the bell and the marks on pages. */
export async function listOpenIncidents(): Promise<IncidentListItem[]> {
  const rows = await db().incident.findMany({
    where: { closedAt: null },
    orderBy: { openedAt: 'desc' },
    include: listInclude,
  })
  const ranks = { critical: 0, warning: 1, notice: 2 }
  return rows.map(toItem).sort((a, b) => ranks[a.severity] - ranks[b.severity])
}

export function toItem({ instances, openKey: _, ...row }: Row): IncidentListItem {
  return { ...row, instances: instances.map(({ instance }) => instance) }
}

function whereOf({ state, severity, kind, instance }: IncidentFilter): Prisma.IncidentWhereInput {
  return {
    ...(state === 'open' ? { closedAt: null } : state === 'closed' ? { closedAt: { not: null } } : {}),
    ...(severity ? { severity } : {}),
    ...(kind ? { kind } : {}),
    ...(instance ? { instances: { some: { instance: { slug: instance } } } } : {}),
  }
}

async function recoveryOf(filter: IncidentFilter, now: Date): Promise<{ count: number; meanSeconds: number } | null> {
  const since = new Date(now.getTime() - statisticDays * dayMilliseconds)
  const rows = await db().incident.findMany({
    where: { ...whereOf({ ...filter, state: 'closed' }), ending: 'recovered', closedAt: { gt: since } },
    select: { openedAt: true, closedAt: true },
  })
  if (rows.length === 0) return null
  const seconds = rows.map(({ openedAt, closedAt }) =>
    Math.max(0, ((closedAt ?? now).getTime() - openedAt.getTime()) / 1000),
  )
  return { count: rows.length, meanSeconds: seconds.reduce((sum, one) => sum + one, 0) / rows.length }
}
