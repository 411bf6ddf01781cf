'use client'

import type { LiveRun } from '@/components/run/live-run'
import type { LiveState } from '@/core/live/schema'
import { isInHand } from './is-in-hand'
import { pause, untilVisible } from './pause'

export type LiveReader = {
  onState?: (state: LiveState) => void
  onRun?: (run: LiveRun) => void
  /** the dashboard does not answer, or answers again */
  onOffline?: (isOffline: boolean) => void
  /** what the `follow` of the next request is; see app/api/live/route.ts */
  follow?: () => string
}

const shortestPauseMilliseconds = 1000
const longestPauseMilliseconds = 30_000
/** The server says something every 15 s; a stream that is quiet for longer died in a sleep, say. */
const longestQuietMilliseconds = 40_000
const lookMilliseconds = 5000

/** One connection's signal, and whether its stream says anything. */
type Line = { signal: AbortSignal; isStreaming: boolean }

const readers = new Set<LiveReader>()
let connection: AbortController | null = null

/**
 * Reads from the one stream of this tab, which is open while anybody reads and the tab is looked at: browsers allow few
 * connections, and a hidden tab needs none. A stream that breaks is opened again, and while none says anything (a proxy holds it
 * back, say) the same is asked for every few seconds.
 */
export function readLive(reader: LiveReader): () => void {
  readers.add(reader)
  reconnect()
  return () => {
    readers.delete(reader)
    if (readers.size === 0 || reader.follow) reconnect()
  }
}

function reconnect(): void {
  connection?.abort()
  connection = null
  if (readers.size === 0) return
  connection = new AbortController()
  const line = { signal: connection.signal, isStreaming: false }
  void keepStreaming(line)
  void keepPolling(line)
}

async function keepStreaming(line: Line): Promise<void> {
  let failures = 0
  while (!line.signal.aborted) {
    await untilVisible(line.signal)
    if (line.signal.aborted) return
    const hasSpoken = await readStream(line)
    failures = hasSpoken ? 0 : failures + 1
    await pause(backOff(failures), line.signal)
  }
}

async function keepPolling(line: Line): Promise<void> {
  let failures = 0
  while (!line.signal.aborted) {
    await pause(Math.max(lookMilliseconds, backOff(failures)), line.signal)
    await untilVisible(line.signal)
    if (line.signal.aborted || line.isStreaming) continue
    failures = (await poll(line)) ? 0 : failures + 1
  }
}

function backOff(failures: number): number {
  return Math.min(longestPauseMilliseconds, shortestPauseMilliseconds * 2 ** failures)
}

function address(): string {
  const follow = [...readers].findLast((reader) => reader.follow)?.follow?.()
  return follow ? `/api/live?follow=${follow}` : '/api/live'
}

/** Ends when the stream breaks, falls quiet, the tab is hidden or offline, or the page left. True when it told anything. */
function readStream(line: Line): Promise<boolean> {
  return new Promise((resolve) => {
    let hasSpoken = false
    let heardAt = Date.now()
    // by the clock, which also goes on while the computer sleeps
    const look = setInterval(() => Date.now() - heardAt > longestQuietMilliseconds && end(), lookMilliseconds)
    const source = new EventSource(address())
    const heard = () => {
      hasSpoken = true
      line.isStreaming = true
      heardAt = Date.now()
      for (const reader of readers) reader.onOffline?.(false)
    }
    source.addEventListener('ping', heard)
    source.addEventListener('state', (event) => {
      heard()
      for (const reader of readers) reader.onState?.(JSON.parse(event.data))
    })
    source.addEventListener('run', (event) => {
      heard()
      for (const reader of readers) reader.onRun?.(JSON.parse(event.data))
    })
    source.addEventListener('over', leave)
    source.addEventListener('error', end)
    const onHidden = () => document.hidden && end()
    document.addEventListener('visibilitychange', onHidden)
    window.addEventListener('offline', end)
    line.signal.addEventListener('abort', end)
    function end() {
      clearInterval(look)
      source.close()
      line.isStreaming = false
      document.removeEventListener('visibilitychange', onHidden)
      window.removeEventListener('offline', end)
      line.signal.removeEventListener('abort', end)
      resolve(hasSpoken)
    }
  })
}

/** Asks once. True when the dashboard answered. */
async function poll(line: Line): Promise<boolean> {
  try {
    const answer = await fetch(address(), { signal: line.signal, headers: { accept: 'application/json' } })
    if (answer.status === 401) leave()
    if (!answer.ok) throw new Error(`${answer.status}`)
    const { state, run } = (await answer.json()) as { state: LiveState; run: LiveRun | null }
    // the stream may have begun to speak meanwhile, and knows better
    if (line.isStreaming) return true
    for (const reader of readers) {
      reader.onOffline?.(false)
      reader.onState?.(state)
      if (run) reader.onRun?.(run)
    }
    return true
  } catch {
    if (!line.signal.aborted && !line.isStreaming) for (const reader of readers) reader.onOffline?.(true)
    return false
  }
}

/**
 * The session is over: the sign-in page takes over, and leads back here. Not while somebody types or decides: what is sent then
 * says so itself, and nothing typed is lost; afterwards it is seen whether they have signed in meanwhile.
 */
function leave(): void {
  if (!connection || connection.signal.aborted) return
  connection.abort()
  if (!isInHand()) {
    location.reload()
    return
  }
  const waiting = setInterval(() => {
    if (isInHand()) return
    clearInterval(waiting)
    reconnect()
  }, lookMilliseconds)
}
