import type { RetentionRule } from '@/core/backups/retention'
import type { Plan } from '@/lib/db'
import { partCheckSchema } from '@/protocol/remotes'
import { blackoutsSchema } from './blackouts'
import type { PlanSettings, TargetSettings } from './schema'
import type { Schedule } from './start-time'

const mebibyte = 1024 * 1024

/** The plan's own columns out of the form's units. */
export function planColumns(settings: PlanSettings) {
  return {
    name: settings.name,
    cron: settings.cron,
    timeZone: settings.timeZone,
    startWindowMinutes: settings.startWindowMinutes,
    spreadMinutes: settings.spreadMinutes,
    blackouts: settings.blackouts,
    partBytes: BigInt(settings.partMebibytes * mebibyte),
    partCheck: settings.partCheck,
    zstdLevel: settings.zstdLevel,
    durationLimitSeconds: settings.durationLimitHours * 3600,
    stallLimitSeconds: settings.stallLimitMinutes * 60,
    graceSeconds: settings.graceMinutes * 60,
    bytesPerSecond: settings.mebibytesPerSecond === null ? null : settings.mebibytesPerSecond * mebibyte,
    readBackEveryDays: settings.readBackEveryDays,
    drillEveryDays: settings.drillEveryDays,
  }
}

type LimitColumns = Pick<
  Plan,
  | 'partBytes'
  | 'partCheck'
  | 'zstdLevel'
  | 'durationLimitSeconds'
  | 'stallLimitSeconds'
  | 'graceSeconds'
  | 'bytesPerSecond'
  | 'readBackEveryDays'
  | 'drillEveryDays'
>

type RunColumns = Pick<Plan, 'id' | 'cron' | 'timeZone' | 'spreadMinutes' | 'blackouts'>
type ScheduleColumns = Pick<Plan, 'cron' | 'timeZone' | 'startWindowMinutes' | 'spreadMinutes' | 'blackouts'>

/** What its runs' starts follow from, out of its row. */
export function scheduleOf({ id, cron, timeZone, spreadMinutes, blackouts }: RunColumns): Schedule {
  return { id, cron, timeZone, spreadMinutes, blackouts: blackoutsSchema.parse(blackouts) }
}

/** When the plan runs, out of its row and for the form. */
export function scheduleColumns({ cron, timeZone, startWindowMinutes, spreadMinutes, blackouts }: ScheduleColumns) {
  return { cron, timeZone, startWindowMinutes, spreadMinutes, blackouts: blackoutsSchema.parse(blackouts) }
}

/** The retention on one remote, out of its row or out of the form. */
export function retentionRule(from: RetentionRule): RetentionRule {
  const { keepLast, keepDays, keepDaily, keepWeekly, keepMonthly, keepYearly, keepAtLeast } = from
  return { keepLast, keepDays, keepDaily, keepWeekly, keepMonthly, keepYearly, keepAtLeast }
}

/** A target's columns out of the form; `newest` is the sequence of the plan's newest good backup. */
export function targetColumns(target: TargetSettings, newest: number) {
  const { remoteId, copyEarlier } = target
  return { remoteId, ...retentionRule(target), copiesFrom: copyEarlier ? null : newest }
}

/** The other way round, for the form. */
export function planLimits(plan: LimitColumns) {
  return {
    partMebibytes: Number(plan.partBytes) / mebibyte,
    partCheck: partCheckSchema.parse(plan.partCheck),
    zstdLevel: plan.zstdLevel,
    durationLimitHours: plan.durationLimitSeconds / 3600,
    stallLimitMinutes: plan.stallLimitSeconds / 60,
    graceMinutes: plan.graceSeconds / 60,
    mebibytesPerSecond: plan.bytesPerSecond === null ? null : plan.bytesPerSecond / mebibyte,
    readBackEveryDays: plan.readBackEveryDays,
    drillEveryDays: plan.drillEveryDays,
  }
}
