import { isGood } from '@/core/backups/good-backups'
import { isPinned } from '@/core/backups/is-pinned'
import { chooseDeletions, type KeptBackup } from '@/core/backups/retention'
import { type Db, db, type Transaction } from '@/lib/db'
import { findPlan } from './find-plan'

/**
 * How many of the plan's backups on a remote `keepDays` would delete sooner or later that the target's own days keep: by the
 * very rule of retention, without its bound per run.
 */
export async function countDeletions(
  database: Db | Transaction,
  planId: string,
  target: { remoteId: string; keepDays: number },
  keepDays: number,
): Promise<number> {
  const backups = await keptBackups(database, planId, target.remoteId)
  const chosen = (days: number) => deletedInTheEnd(backups, days)
  const deletedAnyway = new Set(chosen(target.keepDays))
  return chosen(keepDays).filter((id) => !deletedAnyway.has(id)).length
}

/** Run after run, until nothing more goes. */
function deletedInTheEnd(backups: KeptBackup[], keepDays: number): string[] {
  const facts = { keepDays, now: new Date(), held: false, clocksDisagree: false, countedUpTo: 0 }
  const deleted: string[] = []
  for (;;) {
    const kept = backups.filter((backup) => !deleted.includes(backup.id))
    const next = chooseDeletions({ ...facts, backups: kept })
    if (next.length === 0) return deleted
    deleted.push(...next)
  }
}

/** The same for a plan as it is saved: 0 where nothing more would go. Throws Problem `not-found`. */
export async function previewDeletions(planId: string, keepDays: number): Promise<number> {
  const plan = await findPlan(db(), planId)
  const target = plan.targets[0]
  return target ? countDeletions(db(), planId, target, keepDays) : 0
}

async function keptBackups(database: Db | Transaction, planId: string, remoteId: string): Promise<KeptBackup[]> {
  const rows = await database.backup.findMany({
    where: { ...isGood, planId, copies: { some: { remoteId, presence: 'present' } } },
    select: { id: true, sequence: true, finishedAt: true, requestedAt: true, pinnedAt: true, pinnedUntil: true },
  })
  return rows.map((row) => ({
    id: row.id,
    sequence: row.sequence,
    finishedAt: row.finishedAt ?? row.requestedAt,
    pinned: isPinned(row, new Date()),
    busy: false,
  }))
}
