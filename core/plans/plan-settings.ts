import type { findPlan } from './find-plan'
import { planLimits, retentionRule, scheduleColumns } from './plan-columns'
import { type PlanSettings, planDefaults } from './schema'

/** A plan's rows as the form shows them. */
export function planSettings(plan: Awaited<ReturnType<typeof findPlan>>): PlanSettings {
  const target = plan.targets[0]
  return {
    name: plan.name,
    sourceIds: plan.sources.map(({ sourceId }) => sourceId),
    remoteId: target?.remoteId ?? '',
    ...scheduleColumns(plan),
    ...retentionRule(target ?? planDefaults),
    ...planLimits(plan),
  }
}
