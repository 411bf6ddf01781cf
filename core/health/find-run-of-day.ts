import { findPlan } from '@/core/plans/find-plan'
import { db } from '@/lib/db'
import { dayOf, mostTelling } from './strip'

const dayMilliseconds = 86_400_000

/** The run of a plan that tells most of a day of its zone, `2026-11-23`. Null where none was. Throws Problem `not-found`. */
export async function findRunOfDay(planId: string, day: string): Promise<{ id: string } | null> {
  const { timeZone } = await findPlan(db(), planId)
  const noon = Date.parse(`${day}T12:00:00Z`)
  const around = { gte: new Date(noon - 2 * dayMilliseconds), lte: new Date(noon + 2 * dayMilliseconds) }
  const rows = await db().backup.findMany({
    where: { planId, kind: { not: 'safety' }, OR: [{ plannedAt: around }, { requestedAt: around }] },
    select: { id: true, state: true, plannedAt: true, requestedAt: true },
  })
  const runs = rows.map(({ plannedAt, requestedAt, ...row }) => ({ ...row, at: plannedAt ?? requestedAt }))
  return mostTelling(runs.filter(({ at }) => dayOf(at, timeZone) === day))
}
