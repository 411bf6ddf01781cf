'use client'

import { useSyncExternalStore } from 'react'
import { formatAbsolute, formatDuration, formatRelative, formatUpcoming } from './format-time'
import { useClockDifference } from './server-clock'
import { Tooltip } from './ui/tooltip'

function subscribe(changed: () => void) {
  const timer = setInterval(changed, 10_000)
  return () => clearInterval(timer)
}

/** The server's now, in steps of ten seconds; null on the server and while the page wakes up, so that both render the same text. */
function useNow(): number | null {
  const difference = useClockDifference()
  return useSyncExternalStore(
    subscribe,
    () => Math.floor((Date.now() + difference) / 10_000) * 10_000,
    () => null,
  )
}

/** A moment, relative to now; hover or focus shows date, time and zone. `plain` inside links, where nothing may take focus. */
export function Time({ at, plain = false }: { at: Date | string; plain?: boolean }) {
  const date = new Date(at)
  const now = useNow()
  const zone = now === null ? 'UTC' : undefined
  const absolute = formatAbsolute(date, zone)
  const text = now === null ? absolute : formatRelative(date, new Date(now))
  const time = (
    <time
      dateTime={date.toISOString()}
      title={plain ? absolute : undefined}
      data-absolute={absolute}
      className="whitespace-nowrap print:after:content-[attr(data-absolute)]"
    >
      <span className="print:hidden">{text}</span>
    </time>
  )
  if (plain) return time
  return (
    <Tooltip text={absolute}>
      <button
        type="button"
        className="-my-0.5 min-h-6 cursor-help rounded-sm decoration-dotted underline-offset-4 hover:underline [font:inherit]"
      >
        {time}
      </button>
    </Tooltip>
  )
}

/** How long ago, to the minute; hover or focus shows date, time and zone. `renderedAt` is the server's clock. */
export function Ago({ at, renderedAt }: { at: Date; renderedAt: number }) {
  const now = useNow()
  const seconds = ((now ?? renderedAt) - at.getTime()) / 1000
  return (
    <Tooltip text={formatAbsolute(at, now === null ? 'UTC' : undefined)}>
      <button
        type="button"
        className="-my-0.5 min-h-6 cursor-help rounded-sm decoration-dotted underline-offset-4 hover:underline [font:inherit]"
      >
        <time dateTime={at.toISOString()} className="whitespace-nowrap">
          {seconds < 60 ? 'just now' : `${formatDuration(Math.floor(seconds / 60) * 60)} ago`}
        </time>
      </button>
    </Tooltip>
  )
}

/** A moment to come in a zone of its own, and how far off it is: `tonight 00:00 CST (in 9 h)`. */
export function Upcoming({ at, timeZone, renderedAt }: { at: Date; timeZone: string; renderedAt: number }) {
  const now = useNow() ?? renderedAt
  const minutes = Math.max(0, Math.floor((at.getTime() - now) / 60_000))
  return (
    <time dateTime={at.toISOString()} title={formatAbsolute(at, timeZone)}>
      {formatUpcoming(at, new Date(now), timeZone)} ({minutes < 1 ? 'now' : `in ${formatDuration(minutes * 60)}`})
    </time>
  )
}
