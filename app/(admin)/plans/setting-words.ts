import { formatBytes } from '@/components/format-bytes'
import { describeBlackout } from '@/core/plans/blackouts'
import type { PlanChoices } from '@/core/plans/list-choices'
import { describeRetention } from '@/core/plans/retention-words'
import type { PlanSettings, TargetSettings } from '@/core/plans/schema'

const labels: Record<keyof PlanSettings, string> = {
  name: 'Name',
  sourceIds: 'Sources',
  cron: 'Schedule',
  timeZone: 'Time zone',
  startWindowMinutes: 'Window to start',
  spreadMinutes: 'Spread',
  graceMinutes: 'Overdue after',
  blackouts: 'Blackouts',
  targets: 'Remotes, and what they keep',
  partMebibytes: 'Part size',
  partCheck: 'Check after upload',
  zstdLevel: 'Compression level',
  durationLimitHours: 'Longest run',
  stallLimitMinutes: 'Longest stall',
  readBackEveryDays: 'Read back every',
  drillEveryDays: 'Restore drill within',
  mebibytesPerSecond: 'Bandwidth',
}

const nothingWords: { [Field in keyof PlanSettings]?: string } = {
  readBackEveryDays: 'never by itself',
  drillEveryDays: 'nobody is reminded',
}

export function settingLabel(field: keyof PlanSettings): string {
  return labels[field] ?? field
}

/** A setting as a person reads it; ids by the names of what they stand for. */
export function settingText<F extends keyof PlanSettings>(
  field: F,
  value: PlanSettings[F],
  choices: PlanChoices,
): string {
  if (value === null) return nothingWords[field] ?? 'no limit'
  const words: { [Key in keyof PlanSettings]?: (value: never) => string } = {
    sourceIds: (ids: string[]) => ids.map((id) => sourceName(id, choices)).join(', '),
    targets: (list: PlanSettings['targets']) => list.map((target) => targetText(target, choices)).join('; then '),
    blackouts: (list: PlanSettings['blackouts']) => list.map(describeBlackout).join('; ') || 'none',
    startWindowMinutes: (minutes: number) => `${minutes} min`,
    spreadMinutes: (minutes: number) => (minutes ? `up to ${minutes} min` : 'none'),
    graceMinutes: (minutes: number) => `${minutes} min`,
    partMebibytes: (mebibytes: number) => formatBytes(mebibytes * 1024 * 1024),
    durationLimitHours: (hours: number) => `${hours} h`,
    stallLimitMinutes: (minutes: number) => `${minutes} min`,
    readBackEveryDays: (days: number) => `${days} days`,
    drillEveryDays: (days: number) => `${days} days`,
    mebibytesPerSecond: (mebibytes: number) => `${mebibytes} MiB/s`,
  }
  const inWords = words[field] as ((value: PlanSettings[F]) => string) | undefined
  return inWords ? inWords(value) : String(value)
}

function sourceName(id: string, choices: PlanChoices): string {
  const sources = choices.instances.flatMap((instance) => instance.sources)
  return sources.find((source) => source.id === id)?.slug ?? 'one that is gone'
}

function targetText(target: TargetSettings, choices: PlanChoices): string {
  const name = choices.remotes.find(({ id }) => id === target.remoteId)?.name ?? 'one that is gone'
  const earlier = target.copyEarlier ? ', with copies of earlier backups' : ''
  return `${name} (${describeRetention(target)}, never fewer than ${target.keepAtLeast}${earlier})`
}
