import type { Plan } from '@/lib/db'
import { partCheckSchema } from '@/protocol/remotes'
import type { PlanSettings } from './schema'

const mebibyte = 1024 * 1024

/** The plan's own columns out of the form's units. */
export function planColumns(settings: PlanSettings) {
  return {
    name: settings.name,
    cron: settings.cron,
    timeZone: settings.timeZone,
    partBytes: BigInt(settings.partMebibytes * mebibyte),
    partCheck: settings.partCheck,
    zstdLevel: settings.zstdLevel,
    durationLimitSeconds: settings.durationLimitHours * 3600,
    stallLimitSeconds: settings.stallLimitMinutes * 60,
    graceSeconds: settings.graceMinutes * 60,
    bytesPerSecond: settings.mebibytesPerSecond === null ? null : settings.mebibytesPerSecond * mebibyte,
    readBackEveryDays: settings.readBackEveryDays,
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
>

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
  }
}
