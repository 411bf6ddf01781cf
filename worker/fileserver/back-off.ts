import { setTimeout as wait } from 'node:timers/promises'

/** Waits between tries, longer each time, with jitter so that many workers do not come back at the same moment. */
export class BackOff {
  readonly #firstMilliseconds: number
  readonly #longestMilliseconds: number
  #tries = 0

  constructor(options: { firstMilliseconds: number; longestMilliseconds: number }) {
    this.#firstMilliseconds = options.firstMilliseconds
    this.#longestMilliseconds = options.longestMilliseconds
  }

  reset(): void {
    this.#tries = 0
  }

  /** Rejects with the signal's reason when that is aborted meanwhile. */
  async wait(signal: AbortSignal): Promise<void> {
    const full = Math.min(this.#longestMilliseconds, this.#firstMilliseconds * 2 ** Math.min(this.#tries, 30))
    this.#tries += 1
    await pause(full / 2 + (full / 2) * Math.random(), signal)
  }
}

/** Rejects with the signal's own reason, where timers/promises would reject with an AbortError around it. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
