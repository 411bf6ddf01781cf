import type { findPlan } from './find-plan'
import { planLimits, retentionRule, scheduleColumns } from './plan-columns'
import type { PlanSettings, TargetSettings } from './schema'

/** A plan's rows as the form shows them. */
export function planSettings(plan: Awaited<ReturnType<typeof findPlan>>): PlanSettings {
  return {
    name: plan.name,
    sourceIds: plan.sources.map(({ sourceId }) => sourceId),
    ...scheduleColumns(plan),
    targets: plan.targets.map(toTargetSettings),
    ...planLimits(plan),
  }
}

function toTargetSettings(target: Awaited<ReturnType<typeof findPlan>>['targets'][number]): TargetSettings {
  return { remoteId: target.remoteId, ...retentionRule(target), copyEarlier: target.copiesFrom === null }
}
