import type { Condition } from './condition'
import { momentInWords, spanInWords } from './words'

export type WatchedSystem = {
  /** since when Redis does not answer control; null: it does */
  redisAwaySince: Date | null
  /** when the web process last said that it lives; null: it never ran */
  webSeenAt: Date | null
  channels: { id: string; name: string; failingSince: Date | null; answer: string | null }[]
}

/** What lasts for less than these may pass by itself. */
const redisPatienceSeconds = 60
const webPatienceSeconds = 180
const channelPatienceSeconds = 300

export function systemConditions({ redisAwaySince, webSeenAt, channels }: WatchedSystem, now: Date): Condition[] {
  const isOlder = (at: Date, seconds: number) => now.getTime() - at.getTime() > seconds * 1000
  const found: Omit<Condition, 'instanceIds'>[] = []
  if (redisAwaySince && isOlder(redisAwaySince, redisPatienceSeconds))
    found.push({
      kind: 'redis-away',
      subject: 'redis',
      severity: 'critical',
      title: 'Redis does not answer',
      text: `Control has not reached it since ${momentInWords(redisAwaySince)}.`,
      meaning: 'Backups that are due wait until it is back. Nothing is lost.',
      action: 'Start Redis, or look at REDIS_ADMIN_URL and the network between.',
      href: '/incidents',
      since: redisAwaySince,
    })
  if (webSeenAt && isOlder(webSeenAt, webPatienceSeconds))
    found.push({
      kind: 'web-away',
      subject: 'web',
      severity: 'critical',
      title: 'The dashboard does not run',
      text: `Its web process last lived at ${momentInWords(webSeenAt)}.`,
      meaning: 'Workers cannot report nor begin anything: no backup is made.',
      action: 'Start the web process on the server, and look at its log if it ended by itself.',
      href: '/',
      since: webSeenAt,
    })
  for (const { id, name, failingSince, answer } of channels)
    if (failingSince && isOlder(failingSince, channelPatienceSeconds))
      found.push({
        kind: 'channel-failing',
        subject: `channel:${id}`,
        severity: 'warning',
        title: `Alerts do not get through “${name}”`,
        text: `Every attempt failed since ${momentInWords(failingSince)}. ${answer ?? ''}`.trim(),
        meaning: 'Messages wait there and are sent when it works again. Do not rely on it until then.',
        action: 'Open the channel, read what the other side says, and test it.',
        href: `/alerts/${id}`,
        since: failingSince,
      })
  return found.map((condition) => ({ ...condition, instanceIds: [] }))
}

/** Control was not there, so nobody watched: told once it is back, and over by then. */
export function controlGap(awaySince: Date, now: Date): Condition {
  return {
    kind: 'control-away',
    subject: 'control',
    severity: 'critical',
    title: `Nobody watched for ${spanInWords(now.getTime() - awaySince.getTime())}`,
    text: `Control did not run from ${momentInWords(awaySince)} to ${momentInWords(now)}, or its clock was put forward.`,
    meaning: 'In that time no backup was planned and no alarm raised. What is wrong now is told with this.',
    action: 'Look why it was away. Let an outward ping watch it, so that its silence is noticed elsewhere.',
    href: '/incidents',
    instanceIds: [],
    since: awaySince,
  }
}
