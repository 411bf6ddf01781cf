'use client'

import type { LiveRun } from '@/components/run/live-run'
import type { LiveState } from '@/core/live/schema'

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

const readers = new Set<LiveReader>()
let connection: AbortController | null = null

/**
 * Reads from the one stream of this tab, which is open while anybody reads and the tab is looked at: browsers allow few
 * connections, and a hidden tab needs none. Where the stream breaks, it is polled less and less often, and tried again.
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
  void keepConnected(connection.signal)
}

async function keepConnected(signal: AbortSignal): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    await untilVisible(signal)
    if (signal.aborted) return
    const hasWorked = await readStream(signal)
    if (signal.aborted) return
    if (hasWorked) failures = 0
    if (document.hidden) continue
    failures += 1
    await poll(signal)
    await pause(Math.min(longestPauseMilliseconds, shortestPauseMilliseconds * 2 ** (failures - 1)), signal)
  }
}

function address(): string {
  const follow = [...readers].findLast((reader) => reader.follow)?.follow?.()
  return follow ? `/api/live?follow=${follow}` : '/api/live'
}

/** Ends when the stream breaks, falls quiet, the tab is hidden or the page left. True when it told anything. */
function readStream(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let hasWorked = false
    let quiet = setTimeout(end, longestQuietMilliseconds)
    const source = new EventSource(address())
    const heard = () => {
      hasWorked = true
      clearTimeout(quiet)
      quiet = setTimeout(end, longestQuietMilliseconds)
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
    signal.addEventListener('abort', end)
    function end() {
      clearTimeout(quiet)
      source.close()
      document.removeEventListener('visibilitychange', onHidden)
      signal.removeEventListener('abort', end)
      resolve(hasWorked)
    }
  })
}

async function poll(signal: AbortSignal): Promise<void> {
  try {
    const answer = await fetch(address(), { signal, headers: { accept: 'application/json' } })
    if (answer.status === 401) return leave()
    if (!answer.ok) throw new Error(`${answer.status}`)
    const { state, run } = (await answer.json()) as { state: LiveState; run: LiveRun | null }
    for (const reader of readers) {
      reader.onOffline?.(false)
      reader.onState?.(state)
      if (run) reader.onRun?.(run)
    }
  } catch {
    if (!signal.aborted) for (const reader of readers) reader.onOffline?.(true)
  }
}

/** The session is over: the sign-in page takes over, and leads back here. */
function leave(): void {
  connection?.abort()
  location.reload()
}

function untilVisible(signal: AbortSignal): Promise<void> {
  return document.hidden ? pause(Number.POSITIVE_INFINITY, signal) : Promise.resolve()
}

/** Ends early when the page is left, or is looked at again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = Number.isFinite(milliseconds) ? setTimeout(end, milliseconds) : undefined
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
