'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { appendLines, isEnded, type LiveRun, type LogLine } from './live-run'

const everyMilliseconds = 1000
const hiddenMilliseconds = 15_000
const longestPauseMilliseconds = 30_000
const keptLines = 2000

/**
 * Follows a run by its live route: each second while it goes on, seldom while the page is hidden, less and less while the
 * dashboard does not answer. When the run has ended it stops, and the page is loaded anew for the result.
 */
export function useLiveRun(url: string, initial: LiveRun) {
  const [run, setRun] = useState(initial)
  const [lines, setLines] = useState<LogLine[]>(initial.lines)
  const [isOffline, setIsOffline] = useState(false)
  const router = useRouter()

  /** true when there is nothing more to come */
  const poll = useEffectEvent(async (signal: AbortSignal): Promise<boolean> => {
    const last = lines.at(-1)
    const answer = await fetch(last ? `${url}?after=${last.attempt}.${last.sequence}` : url, { signal })
    if (!answer.ok) throw new Error(`${answer.status}`)
    const fresh = (await answer.json()) as LiveRun
    setRun(fresh)
    setLines((known) => appendLines(known, fresh.lines, keptLines))
    setIsOffline(false)
    if (!isEnded(fresh.state)) return false
    router.refresh()
    return true
  })

  const isOver = isEnded(initial.state)
  useEffect(() => {
    if (isOver) return
    const leave = new AbortController()
    void follow(poll, () => setIsOffline(true), leave.signal)
    return () => leave.abort()
  }, [isOver])

  return { run, lines, isOffline }
}

async function follow(
  poll: (signal: AbortSignal) => Promise<boolean>,
  onFailure: () => void,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    try {
      if (await poll(signal)) return
      failures = 0
    } catch {
      if (signal.aborted) return
      failures += 1
      onFailure()
    }
    await pause(Math.min(longestPauseMilliseconds, everyMilliseconds * 2 ** Math.min(failures, 5)), signal)
  }
}

/** Ends early when the page is left, or is looked at again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, document.hidden ? Math.max(milliseconds, hiddenMilliseconds) : milliseconds)
    const onVisible = () => !document.hidden && end()
    function end() {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
      signal.removeEventListener('abort', end)
      resolve()
    }
    document.addEventListener('visibilitychange', onVisible)
    signal.addEventListener('abort', end)
  })
}
