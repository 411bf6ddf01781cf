import type { RunState } from '@/core/health/judge'

/** What an outward ping tells of a plan's newest run. Pure. */

export type PingedRun = { sequence: number; state: RunState; text: string }
/** `key` is kept, so that each is told once; `path` is appended to the address, as Healthchecks and its like have it. */
export type PingWord = { key: string; path: '' | '/start' | '/fail'; body: string }

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
