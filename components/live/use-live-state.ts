'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { LiveState } from '@/core/live/schema'
import { readLive } from './live-stream'

/** Judgements depend on the time, too: a page that nothing happens to is loaded anew so often. */
const refreshMilliseconds = 60_000

/** What goes on, without reloading; when a run begins or ends or anything is changed, the page is loaded anew. */
export function useLiveState(initial: LiveState): { state: LiveState; isOffline: boolean } {
  const [state, setState] = useState(initial)
  const [isOffline, setIsOffline] = useState(false)
  const router = useRouter()
  useEffect(() => readLive({ onState: setState, onOffline: setIsOffline }), [])
  useEffect(() => {
    if (state.version !== initial.version) router.refresh()
  }, [state.version, initial.version, router])
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && router.refresh(), refreshMilliseconds)
    return () => clearInterval(timer)
  }, [router])
  return { state, isOffline }
}
