/** `act`, but at most once in so many seconds: for what walks through whole tables. */
export function atMostEvery(seconds: number, act: () => Promise<void>): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - last < seconds * 1000) return
    last = performance.now()
    await act()
  }
}

/** Runs `act` now and then every so many seconds, never twice at once; `stop` waits for the one in hand. */
export function every(seconds: number, act: () => Promise<void>): { stop: () => Promise<void> } {
  let running: Promise<void> | null = null
  const run = () => {
    running ??= act().finally(() => {
      running = null
    })
  }
  const timer = setInterval(run, seconds * 1000)
  run()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
