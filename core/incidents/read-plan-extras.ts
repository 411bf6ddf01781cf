import { isGood } from '@/core/backups/good-backups'
import type { ReadInstance } from '@/core/health/read-facts'
import { db } from '@/lib/db'
import type { WatchedPlan } from './plan-conditions'
import { mostUsual } from './unusual-warnings'

export type PlanExtras = Pick<
  WatchedPlan,
  'createdAt' | 'heldAt' | 'readBackEveryDays' | 'lastReadAt' | 'drillEveryDays' | 'lastDrillAt' | 'warningCounts'
>

/** Of a plan that was made between two queries. */
export function noExtras(now: Date): PlanExtras {
  return {
    ...{ createdAt: now, heldAt: null, readBackEveryDays: null, lastReadAt: null },
    ...{ drillEveryDays: null, lastDrillAt: null, warningCounts: [] },
  }
}

/** By plan what its health is not judged from, but its incidents are. */
export async function readPlanExtras(instances: ReadInstance[]): Promise<Map<string, PlanExtras>> {
  const [plans, lastReads, lastDrills, warningCounts] = await Promise.all([
    db().plan.findMany({
      select: { id: true, createdAt: true, heldAt: true, readBackEveryDays: true, drillEveryDays: true },
    }),
    readLastReads(),
    readLastDrills(),
    readWarningCounts(instances),
  ])
  return new Map(
    plans.map(({ id, ...plan }) => [
      id,
      {
        ...plan,
        lastReadAt: lastReads.get(id) ?? null,
        lastDrillAt: lastDrills.get(id) ?? null,
        warningCounts: warningCounts.get(id) ?? [],
      },
    ]),
  )
}

type Latest = { planId: string; at: string | number | null }

function byPlan(rows: Latest[]): Map<string, Date | null> {
  return new Map(rows.map(({ planId, at }) => [planId, at === null ? null : new Date(at)]))
}

async function readLastReads(): Promise<Map<string, Date | null>> {
  return byPlan(
    await db().$queryRaw<Latest[]>`
      SELECT b.planId AS "planId", MAX(c.verifiedAt) AS at FROM Copy c JOIN Backup b ON b.id = c.backupId
      WHERE c.verification IN ('readBack', 'drilled') AND b.planId IS NOT NULL GROUP BY b.planId`,
  )
}

/** A restore succeeds only when all that it brought back was compared. */
async function readLastDrills(): Promise<Map<string, Date | null>> {
  return byPlan(
    await db().$queryRaw<Latest[]>`
      SELECT b.planId AS "planId", MAX(r.finishedAt) AS at FROM Restore r JOIN Backup b ON b.id = r.backupId
      WHERE r.state = 'succeeded' AND b.planId IS NOT NULL GROUP BY b.planId`,
  )
}

/** Of plans whose newest good backup has warnings at all. */
async function readWarningCounts(instances: ReadInstance[]): Promise<Map<string, number[]>> {
  const plans = instances.flatMap((instance) => instance.plans).filter(({ newestGood }) => newestGood?.withWarnings)
  const counts = await Promise.all(plans.map(({ id, newestGood }) => countsUpTo(id, newestGood?.id ?? '')))
  return new Map(plans.map(({ id }, index) => [id, counts[index] ?? []]))
}

async function countsUpTo(planId: string, backupId: string): Promise<number[]> {
  const newest = await db().backup.findUnique({ where: { id: backupId }, select: { sequence: true } })
  const rows = await db().backup.findMany({
    where: { planId, ...isGood, sequence: { lte: newest?.sequence ?? 0 } },
    orderBy: { sequence: 'desc' },
    take: mostUsual + 1,
    select: { warningCount: true },
  })
  return rows.map(({ warningCount }) => warningCount)
}
