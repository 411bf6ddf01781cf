import type { RunState } from '@/core/health/judge'

/** What an outward ping tells of a plan's newest run. Pure. */

export type PingedRun = { sequence: number; state: RunState; text: string }
/** `key` is kept, so that each is told once; `path` is appended to the address, as Healthchecks and its like have it. */
export type PingWord = { key: string; path: '' | '/start' | '/fail'; body: string }

const minuteMilliseconds = 60_000
const longestPauseMinutes = 15

/**
 * How long after an attempt the next may be made: control's own always after a minute, as its silence is what the other side looks
 * for; of a plan's that failed, after pauses that double.
 */
export function pauseMilliseconds({ planId, failures }: { planId: string | null; failures: number }): number {
  if (planId === null) return minuteMilliseconds
  return minuteMilliseconds * Math.min(longestPauseMinutes, 2 ** Math.min(Math.max(0, failures - 1), 10))
}

/** Null: nothing to tell of, or told already. A run that began and ended since the last look tells of its end alone. */
export function wordOf(run: PingedRun | null, told: string | null): PingWord | null {
  const word = run && wordOfState(run)
  if (!run || !word) return null
  const key = `${run.sequence} ${word.path || 'success'}`
  return key === told ? null : { key, ...word }
}

function wordOfState({ state, text }: PingedRun): Omit<PingWord, 'key'> | null {
  switch (state) {
    case 'running':
      return { path: '/start', body: text }
    case 'succeeded':
    case 'warning':
      return { path: '', body: text }
    case 'failed':
    case 'lost':
      return { path: '/fail', body: text }
    default:
      return null
  }
}
