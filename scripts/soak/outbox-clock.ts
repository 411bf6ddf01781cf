/** Time that runs faster, so that back-off and leases of minutes pass in a moment; the same for all processes of a soak. */
export function fastClock(startedAt: number, factor: number): () => Date {
  return () => new Date(startedAt + (Date.now() - startedAt) * factor)
}

/** Three minutes pass in 90 ms. */
export const clockFactor = 2000
