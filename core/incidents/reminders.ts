import type { Severity } from './kind-rules'

const hourMilliseconds = 3_600_000

/** Hours from the message before to the next; the last one counts on. What is merely worth knowing is told once. */
const gapHours: Record<Severity, number[]> = {
  critical: [4, 12, 24, 48, 96, 168],
  warning: [24, 72, 168],
  notice: [],
}

export type Reminded = {
  severity: Severity
  changedAt: Date
  remindedAt: Date | null
  reminders: number
  acknowledgedAt: Date | null
  quietUntil: Date | null
}

/** When an open incident is next told of again; null: never, or not as long as somebody has taken it on. */
export function nextReminderAt(incident: Reminded): Date | null {
  const { severity, changedAt, remindedAt, reminders, acknowledgedAt, quietUntil } = incident
  const gaps = gapHours[severity]
  const hours = gaps[Math.min(reminders, gaps.length - 1)]
  if (acknowledgedAt && !quietUntil) return null
  // a snooze that ends is the reminder
  if (acknowledgedAt && quietUntil) return quietUntil
  if (hours === undefined) return null
  return new Date((remindedAt ?? changedAt).getTime() + hours * hourMilliseconds)
}

export function isReminderDue(incident: Reminded, now: Date): boolean {
  const at = nextReminderAt(incident)
  return at !== null && at <= now
}
