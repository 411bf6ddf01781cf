import { Cancelled, type RunOutcome } from '@/engine/context'
import type { EventBody } from '@/protocol/events'
import { Problem, toProblemFacts } from '@/protocol/problem'
import { WorkerStopped } from './station'
import { detailsOf, type LogLevel } from './worker-log'

export type Ending = {
  event: Extract<EventBody, { type: 'finished' }>
  level: LogLevel
  /** for the log of this host */
  words: string
  /** of a defect: for the log of this host only */
  details?: string
}

/** Runs `perform` and says how that ended: by itself, by a person, by a stop of this process, by a limit, or by a fault. */
export async function endingOf(perform: () => Promise<RunOutcome>, signal: AbortSignal): Promise<Ending> {
  try {
    const outcome = await perform()
    return { event: { type: 'finished', state: outcome, problem: null }, level: 'info', words: outcome }
  } catch (error) {
    return failureEnding(signal.aborted ? signal.reason : error)
  }
}

function failureEnding(reason: unknown): Ending {
  if (reason instanceof WorkerStopped) {
    const problem = {
      code: 'worker-stopped',
      text: 'The worker was stopped while this run was under way.',
      action: 'Start the run again once the worker is back.',
    }
    return {
      event: { type: 'finished', state: 'cancelled', problem },
      level: 'warn',
      words: 'cancelled, the worker stops',
    }
  }
  if (reason instanceof Cancelled)
    return { event: { type: 'finished', state: 'cancelled', problem: null }, level: 'info', words: 'cancelled' }
  const problem = toProblemFacts(reason)
  const ending: Ending = { event: { type: 'finished', state: 'failed', problem }, level: 'error', words: problem.text }
  return reason instanceof Problem ? ending : { ...ending, details: detailsOf(reason) }
}
