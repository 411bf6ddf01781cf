'use client'

import { createContext, type ReactNode, use, useState } from 'react'

const ClockDifference = createContext(0)

/**
 * Lets the pages below tell time by the server's clock: "3 h ago" is right on a computer whose own clock is wrong. `now` is the
 * server's, in milliseconds, as the page is drawn.
 */
export function ServerClock({ now, children }: { now: number; children: ReactNode }) {
  const [differenceMilliseconds] = useState(() => now - Date.now())
  return <ClockDifference value={differenceMilliseconds}>{children}</ClockDifference>
}

/** The server's time minus this computer's, in milliseconds, as it was when the page was loaded. */
export function useClockDifference(): number {
  return use(ClockDifference)
}
