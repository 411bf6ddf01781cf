import type { RunState } from '@/components/status-badge'
import type { Phase, Progress } from '@/protocol/events'
import type { ProblemFacts } from '@/protocol/problem'

export type LogLine = {
  attempt: number
  sequence: number
  at: string
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
}

export type LivePhase = {
  phase: Phase
  state: 'started' | 'finished' | 'skipped'
  /** ISO; null where it is not recorded */
  startedAt: string | null
  finishedAt: string | null
}

/** One worker's part in a backup. */
export type LiveShare = {
  worker: string
  state: RunState
  /** the last worker signs and completes it */
  completes: boolean
  phases: LivePhase[]
}

/** What the live stream tells of a run that is followed, about once a second. */
export type LiveRun = {
  state: RunState
  cancelRequested: boolean
  startedAt: string | null
  finishedAt: string | null
  phases: LivePhase[]
  /** of a backup, worker by worker in their order */
  shares?: LiveShare[]
  /** null before the first and after the last */
  progress: Progress | null
  problem: ProblemFacts | null
  warningCount: number
  /** log lines after the ones that were asked for; the latest ones where nothing was */
  lines: LogLine[]
  /** there are earlier lines than `lines` */
  hasEarlierLines: boolean
  /** the oldest lines were dropped */
  isLogCut: boolean
}

export function isEnded(state: RunState): boolean {
  return state !== 'queued' && state !== 'running'
}

export type Stage = {
  phase: Phase
  status: 'waiting' | 'running' | 'done' | 'skipped' | 'stopped' | 'not reached'
  /** null while waiting, skipped, or not recorded */
  seconds: number | null
}

/** The stages of a run in their order, as they stand. `now` in milliseconds, for the stage that is going on. */
export function stagesOf(order: readonly Phase[], run: Pick<LiveRun, 'state' | 'phases'>, now: number): Stage[] {
  return order.map((phase) => {
    const recorded = run.phases.find((candidate) => candidate.phase === phase)
    return { phase, status: statusOf(recorded, run.state), seconds: secondsOf(recorded, isEnded(run.state), now) }
  })
}

function statusOf(recorded: LivePhase | undefined, state: RunState): Stage['status'] {
  if (!recorded) return isEnded(state) ? 'not reached' : 'waiting'
  if (recorded.state === 'skipped') return 'skipped'
  if (recorded.state === 'finished') return 'done'
  return isEnded(state) ? 'stopped' : 'running'
}

function secondsOf(recorded: LivePhase | undefined, ended: boolean, now: number): number | null {
  if (!recorded?.startedAt || recorded.state === 'skipped') return null
  if (!recorded.finishedAt && ended) return null
  const end = recorded.finishedAt ? Date.parse(recorded.finishedAt) : now
  return Math.max(0, (end - Date.parse(recorded.startedAt)) / 1000)
}

/** Adds what came since, without doubling; keeps the latest `keep` lines. */
export function appendLines(known: LogLine[], fresh: LogLine[], keep: number): LogLine[] {
  const last = known.at(-1)
  const later = last
    ? fresh.filter(
        (line) => line.attempt > last.attempt || (line.attempt === last.attempt && line.sequence > last.sequence),
      )
    : fresh
  return later.length === 0 ? known : [...known, ...later].slice(-keep)
}

/** Seconds to go by the speed of now; null where nobody can tell. */
export function secondsToGo(progress: Progress): number | null {
  const { doneBytes, totalBytes, bytesPerSecond } = progress
  if (totalBytes === null || bytesPerSecond < 1 || doneBytes >= totalBytes) return null
  return (totalBytes - doneBytes) / bytesPerSecond
}
