import { setMaxListeners } from 'node:events'
import type { Phase } from '@/protocol/events'
import type { RunContext } from './context'

/** What all phases of one run share: one signal that ends everything at once, and what must be undone on every way out. */
export class RunScope {
  private readonly controller = new AbortController()
  private readonly closers: (() => Promise<void>)[] = []

  constructor(private readonly context: Pick<RunContext, 'signal' | 'report'>) {
    setMaxListeners(0, this.controller.signal) // every child process of the run listens
    if (context.signal.aborted) this.controller.abort(context.signal.reason)
    else context.signal.addEventListener('abort', this.relay, { once: true })
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Ends the run: every program of it is told to stop. The first reason stays. */
  readonly fail = (reason: unknown): void => {
    if (!this.signal.aborted) this.controller.abort(reason)
  }

  /** Ends the run because of an error, and says what it really failed of: what ended it first, not what broke thereby. */
  endedBy(error: unknown): unknown {
    this.fail(error)
    return this.signal.reason
  }

  /** `close` calls these in reverse order. */
  onClose(closer: () => Promise<void>): void {
    this.closers.push(closer)
  }

  async close(): Promise<void> {
    this.context.signal.removeEventListener('abort', this.relay)
    for (const closer of this.closers.splice(0).reverse()) await closer()
  }

  /** Runs a phase and reports its beginning and end. */
  async phase<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted()
    return this.uncutPhase(phase, work)
  }

  /** The same for one that is begun even when the run was told to end. */
  async uncutPhase<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    this.context.report({ type: 'phase', phase, state: 'started' })
    const result = await work()
    this.context.report({ type: 'phase', phase, state: 'finished' })
    return result
  }

  /** The same for a phase that may have nothing to do. */
  async phaseIf(hasWork: boolean, phase: Phase, work: () => Promise<void>): Promise<void> {
    if (hasWork) await this.phase(phase, work)
    else this.context.report({ type: 'phase', phase, state: 'skipped' })
  }

  private readonly relay = (): void => this.fail(this.context.signal.reason)
}
