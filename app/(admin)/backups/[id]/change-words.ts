import type { Change } from '@/core/backups/backup-changes'

/** `+12 (+3%)`, `the same`, `new`, `gone`; nothing where one side is not known at all. */
export function changeWords({ before, now }: Omit<Change, 'name'>, format: (value: number) => string): string {
  if (before === null && now === null) return ''
  if (before === null) return 'new'
  if (now === null) return 'gone'
  const difference = now - before
  if (difference === 0) return 'the same'
  const sign = difference > 0 ? '+' : '−'
  const amount = `${sign}${format(Math.abs(difference))}`
  if (before === 0) return amount
  const percent = Math.abs((difference / before) * 100)
  return `${amount} (${percent < 0.1 ? '< 0.1' : `${sign}${percent.toFixed(percent < 10 ? 1 : 0)}`}%)`
}
