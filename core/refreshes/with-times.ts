import { db, type Prisma } from '@/lib/db'
import { dueTime } from './due-time'

const include = {
  instance: true,
  plan: { include: { instance: true } },
  restores: {
    orderBy: { requestedAt: 'desc' },
    take: 20,
    select: {
      ...{ id: true, state: true, plannedAt: true, requestedAt: true, finishedAt: true },
      tasks: { select: { exchange: true, discardState: true, discardProblem: true } },
    },
  },
} satisfies Prisma.RefreshInclude

export type RefreshRow = Prisma.RefreshGetPayload<{ include: typeof include }>

/** Refreshes with their newest runs, and the time for which a restore should be asked for; null: there is none. */
export async function listWithTimes(
  where: Prisma.RefreshWhereInput,
  now: Date,
): Promise<{ row: RefreshRow; dueAt: Date | null }[]> {
  const rows = await db().refresh.findMany({ where, include, orderBy: { createdAt: 'desc' } })
  return rows.map((row) => {
    const [begunFor = null] = row.restores
      .flatMap(({ plannedAt }) => plannedAt ?? [])
      // times planned while the clock was wrong do not count: it would stand still until then
      .filter((time) => time <= now)
      .sort((a, b) => b.getTime() - a.getTime())
    return { row, dueAt: dueTime({ ...row, begunFor }, now) }
  })
}
