import type { RunState } from '@/lib/db'

/** One try to copy a backup to a remote, as far as the next one depends on it. */
export type Try = {
  state: RunState
  requestedById: string | null
  cancelRequestedAt: Date | null
  finishedAt: Date | null
}

/** A remote that is away for longer than a day gets the next backup by itself, and this one when a person asks for it. */
export const mostTries = 8
const firstPauseMilliseconds = 10 * 60_000

export type NextTry = {
  isOpen: boolean
  /** in a row, since a person last asked for it */
  failed: number
  /** it failed too often, or a person cancelled it: only a person asks for it again */
  isGivenUp: boolean
  /** not before then; null: at once */
  dueAt: Date | null
}

/**
 * When a backup is to be copied again, from its tries so far, the newest first. Pure. Failures are followed by pauses that double,
 * from ten minutes on; a run that stepped back for another one, or whose worker was stopped, failed in nothing.
 */
export function nextTry(newestFirst: Try[]): NextTry {
  const isOpen = newestFirst.some(({ state }) => state === 'queued' || state === 'running')
  let failed = 0
  let isCancelled = false
  for (const [index, one] of newestFirst.entries()) {
    if (one.state === 'failed' || one.state === 'lost') failed++
    if (index === 0 && one.state === 'cancelled' && one.cancelRequestedAt) isCancelled = true
    if (one.state === 'succeeded' || one.state === 'warning' || one.requestedById) break
  }
  const last = newestFirst[0]?.finishedAt
  const pause = failed === 0 || !last ? null : firstPauseMilliseconds * 2 ** (failed - 1)
  return {
    isOpen,
    failed,
    isGivenUp: !isOpen && (isCancelled || failed >= mostTries),
    dueAt: pause === null || !last ? null : new Date(last.getTime() + pause),
  }
}
