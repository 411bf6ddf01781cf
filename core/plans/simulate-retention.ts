import { type ForecastDay, forecastRetention } from '@/core/backups/forecast-retention'
import { listKeptBackups } from '@/core/backups/list-kept-backups'
import type { ListedBackup } from '@/core/backups/read-kept-backups'
import { type KeepReason, reasonsToKeep } from '@/core/backups/retention'
import { db } from '@/lib/db'
import { countDeletions, type RetentionChange } from './count-deletions'
import { findPlan } from './find-plan'

export type SimulatedBackup = { id: string; at: Date; bytes: number; reasons: KeepReason[] }

export type RetentionSimulation = {
  /** newest first; those without a reason go */
  backups: SimulatedBackup[]
  /** how many of those that go are kept by the plan as it is saved */
  newDeletions: number
  forecast: ForecastDay[]
}

const forecastDays = 90

/**
 * A retention before it is saved, on the plan's real history and the 90 days to come; a plan that is not made yet has no
 * history. Throws Problem `not-found`.
 */
export async function simulateRetention(
  planId: string | null,
  change: RetentionChange & { cron: string },
  now = new Date(),
): Promise<RetentionSimulation> {
  const plan = planId === null ? null : await findPlan(db(), planId)
  const backups = plan ? await listKeptBackups(db(), plan.id, change.remoteId, change.timeZone, now) : []
  const reasons = reasonsToKeep(backups, change.rule, now)
  const newestFirst = backups.toSorted((a, b) => b.sequence - a.sequence)
  return {
    backups: newestFirst.map(({ id, at, bytes }) => ({ id, at, bytes, reasons: reasons.get(id) ?? [] })),
    newDeletions: plan ? await countDeletions(db(), plan, change, now) : 0,
    forecast: forecastRetention({ ...change, backups, bytesEach: usualBytes(newestFirst), now, days: forecastDays }),
  }
}

/** The median of the latest ten. */
function usualBytes(newestFirst: ListedBackup[]): number {
  const sizes = newestFirst.slice(0, 10).map(({ bytes }) => bytes)
  return sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0
}
