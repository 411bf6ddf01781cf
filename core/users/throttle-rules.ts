/** How many wrong guesses cost nothing, and what each further one costs. */
export type ThrottleLimits = { freeFailures: number; longestDelaySeconds: number }

export const throttleLimits = {
  account: { freeFailures: 5, longestDelaySeconds: 900 },
  /** an address may stand for a whole office */
  address: { freeFailures: 20, longestDelaySeconds: 900 },
} as const satisfies Record<string, ThrottleLimits>

/** Failures are forgotten after a day without any. */
export const forgetAfterSeconds = 86_400

/** Seconds to wait after the n-th failure: none at first, then 2, 4, 8, … up to the longest. */
export function delayAfter(failures: number, limits: ThrottleLimits): number {
  const excess = failures - limits.freeFailures
  return excess < 0 ? 0 : Math.min(2 ** (excess + 1), limits.longestDelaySeconds)
}
