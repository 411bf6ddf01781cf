const steps: [limitSeconds: number, unitSeconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [45, 1, 'second'],
  [45 * 60, 60, 'minute'],
  [22 * 3600, 3600, 'hour'],
  [26 * 86_400, 86_400, 'day'],
  [320 * 86_400, 30.44 * 86_400, 'month'],
  [Number.POSITIVE_INFINITY, 365.25 * 86_400, 'year'],
]

const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'always' })

/** `3 hours ago`, `in 5 minutes`, or `just now` within half a minute. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  if (Math.abs(seconds) < 30) return 'just now'
  const [, unitSeconds, unit] = steps.find(([limit]) => Math.abs(seconds) < limit) ?? [0, 86_400, 'day' as const]
  return relative.format(Math.round(seconds / unitSeconds), unit)
}

/** `23 Nov 2026, 18:22 UTC`; the zone as the browser or `timeZone` has it. */
export function formatAbsolute(at: Date, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone ? { timeZone } : {}),
  }).format(at)
}

/** `tonight 00:00 CST`, `today 14:00 CST`, `tomorrow 02:00 CST`, `Fri 27 Nov 02:00 CST`: as people of that zone say it. */
export function formatUpcoming(at: Date, now: Date, timeZone: string): string {
  const [then, here] = [partsIn(at, timeZone), partsIn(now, timeZone)]
  // en-US names American zones by their letters, where en-GB has GMT-6 only
  return `${dayWord(then, here, at.getTime() - now.getTime())} ${then.hour}:${then.minute} ${then.zone}`
}

type ZoneParts = { date: string; words: string; hour: string; minute: string; zone: string }

function dayWord(then: ZoneParts, here: ZoneParts, milliseconds: number): string {
  const isToday = then.date === here.date
  const isTomorrow = Date.parse(then.date) - Date.parse(here.date) === 86_400_000
  const isNight = isToday ? Number(then.hour) >= 18 : isTomorrow && Number(then.hour) < 6
  if (isNight && milliseconds < 18 * 3_600_000) return 'tonight'
  if (isToday) return 'today'
  return isTomorrow ? 'tomorrow' : then.words
}

function partsIn(at: Date, timeZone: string): ZoneParts {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  const found = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? ''
  return {
    date: new Date(`${part('day')} ${part('month')} ${part('year')} UTC`).toISOString().slice(0, 10),
    words: `${part('weekday')} ${part('day')} ${part('month')}`,
    hour: part('hour'),
    minute: part('minute'),
    zone: part('timeZoneName'),
  }
}

/** `1 h 5 min`, `42 s`, `2 d 3 h`: the two largest units. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}
