import { isAtLeast, type Severity } from '@/core/incidents/kind-rules'
import { endOfBlackout } from '@/core/plans/blackouts'
import type { Environment } from '@/protocol/names'

/** Which incidents a channel is told of, and when. Pure. */

export type ChannelRules = {
  severity: Severity
  /** empty: all */
  environments: Environment[]
  instanceIds: string[]
  kinds: string[]
}

export type Told = {
  kind: string
  subject: string
  severity: Severity
  /** none: it concerns Talekeeper itself, so everybody */
  instances: { id: string; environment: Environment }[]
}

export function isTold(channel: ChannelRules & { id: string; paused: boolean }, told: Told): boolean {
  const { environments, instanceIds, kinds } = channel
  if (channel.paused || told.subject === `channel:${channel.id}`) return false
  if (!isAtLeast(told.severity, channel.severity)) return false
  if (kinds.length > 0 && !kinds.includes(told.kind)) return false
  return (
    told.instances.length === 0 ||
    told.instances.some(
      ({ id, environment }) =>
        (environments.length === 0 || environments.includes(environment)) &&
        (instanceIds.length === 0 || instanceIds.includes(id)),
    )
  )
}

export type QuietHours = { timeZone: string; quietFrom: string | null; quietUntil: string | null }

/** When the quiet hours end that a moment lies in; null: it lies in none. */
export function endOfQuiet({ timeZone, quietFrom, quietUntil }: QuietHours, at: Date): Date | null {
  if (!quietFrom || !quietUntil || quietFrom === quietUntil) return null
  return endOfBlackout([{ days: [0, 1, 2, 3, 4, 5, 6], from: quietFrom, until: quietUntil }], timeZone, at)
}

const minuteMilliseconds = 60_000
const hourMilliseconds = 60 * minuteMilliseconds
/** So many messages an hour go out at once; after that what follows is gathered. */
const messagesAnHour = 4
const gatherMilliseconds = 15 * minuteMilliseconds

/** Not before when a channel's next message goes out. `sentAt`: when its latest ones were made, in any order. */
export function paced(sentAt: Date[], now: Date): Date {
  const recent = sentAt.filter((at) => at <= now && now.getTime() - at.getTime() < hourMilliseconds)
  if (recent.length < messagesAnHour) return now
  const newest = Math.max(...recent.map((at) => at.getTime()))
  return new Date(Math.max(now.getTime(), newest + gatherMilliseconds))
}
