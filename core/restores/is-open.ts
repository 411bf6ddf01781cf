import type { RunState } from '@/lib/db'

/** Whether a run of that state waits or goes on; null: there is no run. Pure. */
export function isOpen(state: RunState | null | undefined): boolean {
  return state === 'queued' || state === 'running'
}
