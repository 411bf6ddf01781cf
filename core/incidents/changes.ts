import { type Condition, openKeyOf } from './condition'
import type { SubjectState } from './derive-conditions'
import { type Ending, isAtLeast, isPassing } from './kind-rules'
import { isReminderDue, type Reminded } from './reminders'

/** An incident as its row has it, as far as the rules look at it. */
export type KnownIncident = Reminded & {
  id: string
  kind: string
  subject: string
  title: string
  text: string
  meaning: string
  action: string
  href: string
  openedAt: Date
  closedAt: Date | null
  returns: number
  clearSince: Date | null
}

/** What a page shows of an incident, and messages tell. */
const shown = ['severity', 'title', 'text', 'meaning', 'action', 'href'] as const

/** What becomes of an incident now. `tell` null: nobody hears of it. */
export type Change =
  | { type: 'open'; condition: Condition; tell: 'opened' }
  /** it began and was over before anybody could look */
  | { type: 'note'; condition: Condition; tell: 'closed' }
  | { type: 'reopen'; incident: KnownIncident; condition: Condition; tell: 'returned' }
  | { type: 'update'; incident: KnownIncident; condition: Condition; tell: 'worsened' | null; hasReturned: boolean }
  | { type: 'remind'; incident: KnownIncident; condition: Condition; tell: 'reminded' }
  | { type: 'clear'; incident: KnownIncident; tell: null }
  | { type: 'close'; incident: KnownIncident; ending: Ending; at: Date; tell: 'closed' }

const minuteMilliseconds = 60_000
/** What comes back within this time is the same incident, and goes up and down. */
const returnMilliseconds = 60 * minuteMilliseconds
const longestSettleMilliseconds = 240 * minuteMilliseconds

/** What went up and down is called recovered only after it held for so long: the longer, the more often it came back. */
export function settleMilliseconds(returns: number): number {
  if (returns === 0) return 0
  return Math.min(longestSettleMilliseconds, 15 * minuteMilliseconds * 2 ** Math.min(returns - 1, 10))
}

/**
 * From what was known and what is so now to what changes. Pure: the same facts twice change nothing the second time. `known` holds
 * the open incidents and those closed a short while ago. Times in the future, noted while a clock was wrong, count as now.
 */
export function changesOf(
  known: KnownIncident[],
  conditions: Condition[],
  subjectState: (subject: string) => SubjectState,
  now: Date,
): Change[] {
  const open = new Map(known.filter(({ closedAt }) => !closedAt).map((incident) => [openKeyOf(incident), incident]))
  const closed = newestClosed(known, now)
  const present = new Map(conditions.map((condition) => [openKeyOf(condition), condition]))
  const changes: Change[] = []
  for (const [key, condition] of present) {
    const incident = open.get(key)
    const earlier = closed.get(key)
    if (incident) changes.push(...goesOn(incident, condition, now))
    else if (earlier) changes.push({ type: 'reopen', incident: earlier, condition, tell: 'returned' })
    else changes.push({ type: 'open', condition, tell: 'opened' })
  }
  for (const [key, incident] of open) if (!present.has(key)) changes.push(...ceases(incident, subjectState, now))
  return changes
}

/** By key those that may come back as themselves. */
function newestClosed(known: KnownIncident[], now: Date): Map<string, KnownIncident> {
  const closed = new Map<string, KnownIncident>()
  for (const incident of known) {
    const { kind, closedAt } = incident
    if (!closedAt || isPassing(kind)) continue
    if (Math.abs(now.getTime() - closedAt.getTime()) > returnMilliseconds) continue
    const other = closed.get(openKeyOf(incident))
    if (!other?.closedAt || other.closedAt < closedAt) closed.set(openKeyOf(incident), incident)
  }
  return closed
}

function goesOn(incident: KnownIncident, condition: Condition, now: Date): Change[] {
  const hasReturned = incident.clearSince !== null
  const isWorse = condition.severity !== incident.severity && isAtLeast(condition.severity, incident.severity)
  const isAhead = incident.changedAt > now || (incident.remindedAt ?? now) > now
  const differs = isAhead || shown.some((field) => condition[field] !== incident[field])
  if (isWorse) return [{ type: 'update', incident, condition, tell: 'worsened', hasReturned }]
  if (isReminderDue(believable(incident, now), now)) return [{ type: 'remind', incident, condition, tell: 'reminded' }]
  if (hasReturned || differs) return [{ type: 'update', incident, condition, tell: null, hasReturned }]
  return []
}

function ceases(incident: KnownIncident, subjectState: (subject: string) => SubjectState, now: Date): Change[] {
  const state = subjectState(incident.subject)
  if (state === 'unknown') return []
  if (state !== 'there') return [{ type: 'close', incident, ending: state, at: now, tell: 'closed' }]
  const ending = isPassing(incident.kind) ? 'over' : 'recovered'
  const settle = settleMilliseconds(incident.returns)
  if (settle === 0) return [{ type: 'close', incident, ending, at: now, tell: 'closed' }]
  const { clearSince } = incident
  if (!clearSince || clearSince > now) return [{ type: 'clear', incident, tell: null }]
  if (now.getTime() - clearSince.getTime() < settle) return []
  return [{ type: 'close', incident, ending, at: clearSince, tell: 'closed' }]
}

/** A reminder never waits for a day that a wrong clock named; the change that is due then brings the row in order too. */
export function believable<Row extends Reminded>(incident: Row, now: Date): Row {
  const past = (at: Date | null) => (at && at > now ? now : at)
  return { ...incident, changedAt: past(incident.changedAt) ?? now, remindedAt: past(incident.remindedAt) }
}
