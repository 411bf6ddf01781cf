import type { RunReference } from '@/protocol/worker-api'
import { runKey } from './run-key'

/** What this process works on, so that heartbeats can name it and a cancel can reach it. */
export class RunningRuns {
  readonly #runs = new Map<string, { run: RunReference; controller: AbortController; ended: Promise<void> }>()

  /** Runs `perform` with a signal that `cancel` and `abortAll` abort. */
  async during(run: RunReference, perform: (controller: AbortController) => Promise<void>): Promise<void> {
    const controller = new AbortController()
    const ended = perform(controller)
    this.#runs.set(runKey(run), { run, controller, ended })
    try {
      await ended
    } finally {
      this.#runs.delete(runKey(run))
    }
  }

  list(): RunReference[] {
    return [...this.#runs.values()].map(({ run }) => run)
  }

  abort(run: RunReference, reason: Error): void {
    this.#runs.get(runKey(run))?.controller.abort(reason)
  }

  /** Resolves when all have ended. */
  async abortAll(reason: Error): Promise<void> {
    const running = [...this.#runs.values()]
    for (const { controller } of running) controller.abort(reason)
    await Promise.allSettled(running.map(({ ended }) => ended))
  }
}
