import type { DayCounts } from '@/core/backups/count-by-day'

export const dayLooks = ['failed', 'partial', 'good', 'open', 'none'] as const
export type DayLook = (typeof dayLooks)[number]

/** One look for a day: the worst that happened on it, so that a good backup never hides a failed one. */
export function lookOf(counts: DayCounts): DayLook {
  return dayLooks.find((look) => look !== 'none' && counts[look] > 0) ?? 'none'
}

export const lookWords: Record<DayLook, string> = {
  failed: 'failed or lost',
  partial: 'with warnings, cancelled or skipped',
  good: 'succeeded',
  open: 'under way',
  none: 'none',
}

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

/** `Tue 3 Nov 2026: 2 failed or lost, 47 succeeded` */
export function describeDay(day: string, counts: DayCounts): string {
  const date = dateFormat.format(new Date(day)).replace(',', '')
  const found = dayLooks.flatMap((look) =>
    look !== 'none' && counts[look] > 0 ? `${counts[look]} ${lookWords[look]}` : [],
  )
  return `${date}: ${found.join(', ') || 'no backup'}`
}
