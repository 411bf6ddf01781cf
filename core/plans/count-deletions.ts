import { listKeptBackups } from '@/core/backups/list-kept-backups'
import { type RetentionRule, unkept } from '@/core/backups/retention'
import type { Db, Transaction } from '@/lib/db'
import type { findPlan } from './find-plan'

export type RetentionChange = { remoteId: string; timeZone: string; rule: RetentionRule }

/**
 * How many backups of a plan a change of its retention deletes sooner or later that are kept as it is: by the very rule of
 * retention. The zone counts too, as it says which day a backup belongs to; and on another remote nothing was deleted so far.
 */
export async function countDeletions(
  database: Db | Transaction,
  plan: Pick<Awaited<ReturnType<typeof findPlan>>, 'id' | 'timeZone' | 'targets'>,
  change: RetentionChange,
  now = new Date(),
): Promise<number> {
  const target = plan.targets.find(({ remoteId }) => remoteId === change.remoteId)
  const deleted = async (timeZone: string, rule: RetentionRule) =>
    unkept(await listKeptBackups(database, plan.id, change.remoteId, timeZone, now), rule, now)
  const deletedAnyway = new Set(target ? await deleted(plan.timeZone, target) : [])
  return (await deleted(change.timeZone, change.rule)).filter((id) => !deletedAnyway.has(id)).length
}
