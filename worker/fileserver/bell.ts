/** Wakes the one who waits; a ring that nobody waited for is kept. */
export class Bell {
  #hasRung = false
  #listener: (() => void) | null = null

  ring(): void {
    this.#hasRung = true
    this.#listener?.()
  }

  /** Resolves at the next ring, or when the signal is aborted. */
  async heard(signal: AbortSignal): Promise<void> {
    if (!this.#hasRung && !signal.aborted) await this.#nextRing(signal)
    this.#hasRung = false
  }

  #nextRing(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#listener = null
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#listener = wake
      signal.addEventListener('abort', wake)
    })
  }
}
