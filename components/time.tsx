'use client'

import { useSyncExternalStore } from 'react'
import { formatAbsolute, formatClock, formatRelative } from './format-time'
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

/** Weekday, hour and zone of a moment within the next days: in UTC until the browser's zone is known. */
export function ClockTime({ at }: { at: Date | string }) {
  const date = new Date(at)
  const zone = useNow() === null ? 'UTC' : undefined
  return (
    <time dateTime={date.toISOString()} className="whitespace-nowrap">
      {formatClock(date, zone)}
    </time>
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
