'use client'

import { useEffect, useState } from 'react'
import type { LiveState } from '@/core/live/schema'
import { readLive } from './live-stream'
import { useFreshPage } from './use-fresh-page'

/** What goes on, without reloading; when a run begins or ends or anything is changed, the page is loaded anew. */
export function useLiveState(initial: LiveState): { state: LiveState; isOffline: boolean } {
  const [state, setState] = useState(initial)
  const [isOffline, setIsOffline] = useState(false)
  useEffect(() => readLive({ onState: setState, onOffline: setIsOffline }), [])
  useFreshPage(initial.version, state.version, isOffline)
  return { state, isOffline }
}
