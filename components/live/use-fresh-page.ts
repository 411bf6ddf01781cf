'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { isInHand } from './is-in-hand'

/** Judgements depend on the time, too: a page that nothing happens to is loaded anew so often. */
const idleMilliseconds = 60_000
/** What waits because somebody types or decides is tried again after that. */
const waitingMilliseconds = 5000

/**
 * Loads the page anew when what was drawn (`drawn`) is no longer what goes on (`current`), both versions of a LiveState. Never
 * while somebody types or decides, nor while the dashboard does not answer: the browser would show its own error instead.
 */
export function useFreshPage(drawn: string, current: string, isOffline: boolean): void {
  const router = useRouter()
  const missed = drawn === current ? null : current
  useEffect(() => {
    if (isOffline) return
    const refresh = () => {
      if (!document.hidden && navigator.onLine && !isInHand()) router.refresh()
    }
    if (missed !== null) refresh()
    const timer = setInterval(refresh, missed === null ? idleMilliseconds : waitingMilliseconds)
    return () => clearInterval(timer)
  }, [missed, isOffline, router])
}
