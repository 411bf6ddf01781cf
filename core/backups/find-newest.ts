import { db } from '@/lib/db'
import { isGood } from './good-backups'

/** By sequence, of one plan; null where there is none. A restore's safety backups do not count. */
export type NewestOfPlan = {
  planId: string
  /** of any state */
  any: number | null
  /** good, and still on a remote */
  good: number | null
  ended: number | null
  /** queued or running, the latter first */
  underWay: number | null
}

type Column = string | bigint | number | null

/**
 * The newest backups of these plans. In SQL, as each is one step in the index of plan and sequence; Prisma would read all
 * history for it. What is good is said by good-backups.ts.
 */
export async function findNewest(planIds: string[]): Promise<NewestOfPlan[]> {
  if (planIds.length === 0) return []
  const [succeeded, warning] = isGood.state.in
  const rows = await db().$queryRaw<Record<keyof NewestOfPlan, Column>[]>`
    SELECT p.id AS "planId",
      (SELECT b.sequence FROM Backup b WHERE b.planId = p.id AND b.kind <> ${isGood.kind.not}
       ORDER BY b.sequence DESC LIMIT 1) AS "any",
      (SELECT b.sequence FROM Backup b WHERE b.planId = p.id AND b.kind <> ${isGood.kind.not}
         AND b.state IN (${succeeded}, ${warning}) AND b.manifestSha256 IS NOT NULL AND b.origin <> ${isGood.origin.not}
         AND EXISTS (SELECT 1 FROM Copy c WHERE c.backupId = b.id AND c.presence = 'present')
       ORDER BY b.sequence DESC LIMIT 1) AS good,
      (SELECT b.sequence FROM Backup b WHERE b.planId = p.id AND b.kind <> ${isGood.kind.not}
         AND b.state NOT IN ('queued', 'running', 'skipped')
       ORDER BY b.sequence DESC LIMIT 1) AS ended,
      (SELECT b.sequence FROM Backup b WHERE b.planId = p.id AND b.kind <> ${isGood.kind.not}
         AND b.state IN ('queued', 'running')
       ORDER BY b.state DESC, b.sequence DESC LIMIT 1) AS "underWay"
    FROM Plan p`
  const wanted = new Set(planIds)
  return rows
    .map(({ planId, any, good, ended, underWay }) => ({
      planId: String(planId),
      any: sequenceOf(any),
      good: sequenceOf(good),
      ended: sequenceOf(ended),
      underWay: sequenceOf(underWay),
    }))
    .filter(({ planId }) => wanted.has(planId))
}

function sequenceOf(value: Column): number | null {
  return value === null ? null : Number(value)
}
