import { type KeepReason, keepsEverything, type RetentionRule } from '@/core/backups/retention'

export const reasonWords: Record<KeepReason, string> = {
  pinned: 'pinned',
  busy: 'in use',
  uncopied: 'to be copied',
  everything: 'no rule deletes',
  atLeast: 'floor',
  last: 'latest',
  days: 'days',
  daily: 'daily',
  weekly: 'weekly',
  monthly: 'monthly',
  yearly: 'yearly',
}

/** `the latest 3, 30 days, 12 monthly`, or `everything`. */
export function describeRetention(rule: RetentionRule): string {
  if (keepsEverything(rule)) return 'everything'
  const rules: [number, string][] = [
    [rule.keepLast, rule.keepLast === 1 ? 'the latest one' : `the latest ${rule.keepLast}`],
    [rule.keepDays, rule.keepDays === 1 ? '1 day' : `${rule.keepDays} days`],
    [rule.keepDaily, `${rule.keepDaily} daily`],
    [rule.keepWeekly, `${rule.keepWeekly} weekly`],
    [rule.keepMonthly, `${rule.keepMonthly} monthly`],
    [rule.keepYearly, `${rule.keepYearly} yearly`],
  ]
  return rules.flatMap(([count, words]) => (count > 0 ? [words] : [])).join(', ')
}
