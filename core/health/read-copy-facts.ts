import { isGood } from '@/core/backups/good-backups'
import { db } from '@/lib/db'
import { problemSchema } from '@/protocol/problem'
import { groupBy } from './group-by'
import type { CopyFacts } from './judge-copies'

type Column = string | bigint | number | null
type Row = Record<'planId' | 'remoteId' | 'name' | 'addedAt' | 'copiedAt' | 'behindAt', Column>

/** By plan how far the copies on its further remotes follow its backups. */
export async function readCopyFacts(): Promise<Map<string, CopyFacts[]>> {
  const rows = await readRows()
  const facts = await Promise.all(rows.map(toFacts))
  return groupBy(facts, ({ planId }) => planId)
}

/**
 * For each further remote the newest good backup that it holds, and the first one after that which it lacks. In SQL, as each is a
 * step in the index of plan and sequence. What is good is said by good-backups.ts.
 */
function readRows(): Promise<Row[]> {
  const [succeeded, warning] = isGood.state.in
  return db().$queryRaw<Row[]>`
    WITH target AS (
      SELECT t.planId, t.remoteId, r.name, t.addedAt, t.copiesFrom, (
        SELECT b.sequence FROM Backup b JOIN Copy c ON c.backupId = b.id AND c.remoteId = t.remoteId
        WHERE b.planId = t.planId AND c.presence = 'present'
          AND b.kind <> ${isGood.kind.not} AND b.state IN (${succeeded}, ${warning})
          AND b.manifestSha256 IS NOT NULL AND b.origin <> ${isGood.origin.not}
        ORDER BY b.sequence DESC LIMIT 1) AS copied
      FROM PlanTarget t JOIN Remote r ON r.id = t.remoteId WHERE t.position > 0)
    SELECT planId AS "planId", remoteId AS "remoteId", name, addedAt AS "addedAt",
      (SELECT c.verifiedAt FROM Backup b JOIN Copy c ON c.backupId = b.id AND c.remoteId = target.remoteId
       WHERE b.sequence = target.copied) AS "copiedAt",
      (SELECT b.finishedAt FROM Backup b
       WHERE b.planId = target.planId AND b.sequence > COALESCE(target.copied, -9223372036854775808)
         AND b.sequence >= COALESCE(target.copiesFrom, -9223372036854775808)
         AND b.kind <> ${isGood.kind.not} AND b.state IN (${succeeded}, ${warning})
         AND b.manifestSha256 IS NOT NULL AND b.origin <> ${isGood.origin.not}
         AND EXISTS (SELECT 1 FROM Copy c WHERE c.backupId = b.id AND c.presence = 'present')
       ORDER BY b.sequence LIMIT 1) AS "behindAt"
    FROM target`
}

async function toFacts(row: Row): Promise<CopyFacts & { planId: string }> {
  const [planId, toRemoteId] = [String(row.planId), String(row.remoteId)]
  const remote = { id: toRemoteId, name: String(row.name) }
  const copiedAt = timeOf(row.copiedAt)
  const [behindAt, addedAt] = [timeOf(row.behindAt), timeOf(row.addedAt)]
  if (!behindAt) return { planId, remote, copiedAt, behindSince: null, problem: null, isUnderWay: false }
  // before the plan had the remote nothing could be there
  const behindSince = addedAt && addedAt > behindAt ? addedAt : behindAt
  const ofPlan = { toRemoteId, backup: { planId } }
  const [last, open] = await Promise.all([
    db().replication.findFirst({ where: { ...ofPlan, finishedAt: { not: null } }, orderBy: { finishedAt: 'desc' } }),
    db().replication.findFirst({ where: { ...ofPlan, state: 'running' } }),
  ])
  const hasFailed = last?.state === 'failed' || last?.state === 'lost'
  const problem = hasFailed ? problemSchema.nullable().catch(null).parse(last.problem) : null
  return { planId, remote, copiedAt, behindSince, problem, isUnderWay: open !== null }
}

/** As SQLite keeps it. */
function timeOf(column: Column): Date | null {
  return column === null ? null : new Date(typeof column === 'bigint' ? Number(column) : column)
}
