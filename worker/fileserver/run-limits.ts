import { Problem } from '@/protocol/problem'

export type RunLimits = { durationSeconds: number; stallSeconds: number }

/**
 * Ends a run that lasts too long, or that shows no progress for too long, by aborting its controller with a Problem.
 * Both clocks stand still while `paused` (waiting for the control plane is no fault of the run).
 */
export class LimitWatch {
  readonly #limits: RunLimits
  readonly #controller: AbortController
  #durationTimer: NodeJS.Timeout | undefined
  #stallTimer: NodeJS.Timeout | undefined
  #leftMilliseconds: number
  #resumedAt = 0
  #lastSign = ''

  constructor(limits: RunLimits, controller: AbortController) {
    this.#limits = limits
    this.#controller = controller
    this.#leftMilliseconds = limits.durationSeconds * 1000
    this.#resume()
  }

  /** Anything that differs from the last sign is progress. */
  sign(text: string): void {
    if (text === this.#lastSign) return
    this.#lastSign = text
    this.#stallTimer?.refresh()
  }

  async paused<T>(wait: () => Promise<T>): Promise<T> {
    this.end()
    this.#leftMilliseconds -= performance.now() - this.#resumedAt
    try {
      return await wait()
    } finally {
      this.#resume()
    }
  }

  end(): void {
    clearTimeout(this.#durationTimer)
    clearTimeout(this.#stallTimer)
  }

  #resume(): void {
    this.#resumedAt = performance.now()
    this.#durationTimer = setTimeout(
      () => this.#controller.abort(tooLong(this.#limits)),
      Math.max(0, this.#leftMilliseconds),
    )
    this.#stallTimer = setTimeout(() => this.#controller.abort(stalled(this.#limits)), this.#limits.stallSeconds * 1000)
  }
}

function tooLong(limits: RunLimits): Problem {
  return new Problem({
    code: 'time-limit',
    text: `The run was ended because it lasted longer than its limit of ${inWords(limits.durationSeconds)}.`,
    action: 'Raise the time limit of the plan, or find out what slowed the run down.',
  })
}

function stalled(limits: RunLimits): Problem {
  return new Problem({
    code: 'stalled',
    text: `The run was ended because nothing moved for ${inWords(limits.stallSeconds)}.`,
    action: 'Look at the last lines of its log: the remote, the MongoDB server or a filesystem no longer answers.',
  })
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`
  return seconds < 7200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`
}
