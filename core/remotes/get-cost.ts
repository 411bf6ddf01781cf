import { forecastRetention } from '@/core/backups/forecast-retention'
import { listKeptBackups } from '@/core/backups/list-kept-backups'
import { accountOf } from '@/core/connections/account'
import { retentionRule } from '@/core/plans/plan-columns'
import { nextRuns } from '@/core/plans/schedule'
import { db, type Plan, type PlanTarget, type Source } from '@/lib/db'
import { backendSchema } from '@/protocol/remotes'
import { type Allowance, costOf, type PlanCost, type RemoteCost, type Words } from './cost-rules'

export type PlannedCost = RemoteCost & {
  /** `name`: as the lists have it, `Nightly (Whole Tale)` */
  plans: { id: string; name: string; bytesEach: number | null; isEstimate: boolean; runsPerMonth: number }[]
  allowance: Allowance | null
}

const forecastDays = 90
const monthMilliseconds = 30 * 86_400_000
/** A plan that runs more often is counted as this. */
const mostRunsPerMonth = 3000
const fewBackups = 5

type PlanRow = Plan & { targets: PlanTarget[]; sources: { source: Source }[] }

/**
 * What the plans that write to a remote will cost there, by their last backups, or by what their sources measured where there
 * is none yet; null: no plan writes to it.
 */
export async function getRemoteCost(remoteId: string, words: Words, now = new Date()): Promise<PlannedCost | null> {
  const remote = await db().remote.findUniqueOrThrow({ where: { id: remoteId }, include: { connection: true } })
  const plans = await db().plan.findMany({
    where: { paused: false, targets: { some: { remoteId } } },
    orderBy: { name: 'asc' },
    include: { instance: true, targets: { where: { remoteId } }, sources: { include: { source: true } } },
  })
  if (plans.length === 0) return null
  const costs = await Promise.all(plans.map((plan) => costOfPlan(plan, remoteId, now)))
  const allowance = accountOf(remote.connection?.account ?? null)
  return {
    ...costOf(backendSchema.parse(remote.backend), costs, allowance, words),
    allowance,
    plans: plans.map(({ id, name, instance }, index) => {
      const { bytesEach = null, isEstimate = true, runsPerMonth = 0 } = costs[index] ?? {}
      return { id, name: `${name} (${instance.name})`, bytesEach, isEstimate, runsPerMonth }
    }),
  }
}

async function costOfPlan(plan: PlanRow, remoteId: string, now: Date): Promise<PlanCost> {
  const { bytesEach, isEstimate } = await sizeOf(plan)
  const end = now.getTime() + monthMilliseconds
  const runs = nextRuns(plan.cron, plan.timeZone, now, mostRunsPerMonth)
  const runsPerMonth = runs.filter((run) => run.getTime() <= end).length
  const target = plan.targets[0]
  const forecast = target
    ? forecastRetention({
        backups: await listKeptBackups(db(), plan.id, remoteId, plan.timeZone, now),
        ...{ rule: retentionRule(target), cron: plan.cron, timeZone: plan.timeZone },
        ...{ bytesEach: bytesEach ?? 0, now, days: forecastDays },
      })
    : []
  const keptBytes = Math.max(0, ...forecast.map(({ bytes }) => bytes))
  return { bytesEach, isEstimate, runsPerMonth, keptBytes, partBytes: Number(plan.partBytes) }
}

/** The median of the last good backups; before the first, what the sources measured. */
async function sizeOf(plan: PlanRow): Promise<Pick<PlanCost, 'bytesEach' | 'isEstimate'>> {
  const last = await db().backup.findMany({
    where: { planId: plan.id, state: { in: ['succeeded', 'warning'] } },
    orderBy: { sequence: 'desc' },
    take: fewBackups,
    select: { bytes: true },
  })
  const sizes = last.map(({ bytes }) => Number(bytes)).toSorted((one, other) => one - other)
  const median = sizes[Math.floor(sizes.length / 2)]
  if (median !== undefined) return { bytesEach: median, isEstimate: false }
  const measured = plan.sources.flatMap(({ source }) => (source.sizeBytes === null ? [] : [Number(source.sizeBytes)]))
  return { bytesEach: measured.length > 0 ? measured.reduce((sum, bytes) => sum + bytes, 0) : null, isEstimate: true }
}
