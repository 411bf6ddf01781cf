import type { SteadyTime } from '@/lib/steady-clock'

/**
 * How long an access token is handed out, and when it is refreshed. With Box the first use of a new access token ends the one
 * before it, so that nobody may still use the old one then: everyone is told to stop at the same instant, a margin before its
 * end, and it is refreshed a little after that instant, never before.
 */

/** rclone counts a token as over so long before its end; the answer allows for it */
export const rcloneEarlySeconds = 10

const longestMarginSeconds = 240
/** for answers that were long on their way */
const longestSettleSeconds = 5

export type TokenTimes = {
  tokenAt: Date | null
  tokenBootId: string | null
  tokenSteadySeconds: number | null
  tokenLifetimeSeconds: number | null
}

/**
 * `fresh`: may be used for so many seconds more. `settling`: nobody is handed it any more, and those who have it may be at the
 * end of using it. `stale`: it is to be refreshed.
 */
export type TokenAge =
  | { state: 'fresh'; useSeconds: number }
  | { state: 'settling'; waitSeconds: number }
  | { state: 'stale' }

export function judgeAge(times: TokenTimes, steady: SteadyTime, wall: Date): TokenAge {
  const age = ageOf(times, steady, wall)
  if (age === null || times.tokenLifetimeSeconds === null) return { state: 'stale' }
  const lifetime = times.tokenLifetimeSeconds
  const stopAt = lifetime - Math.min(longestMarginSeconds, lifetime / 10)
  const refreshAt = stopAt + Math.min(longestSettleSeconds, lifetime / 30)
  if (age < stopAt) return { state: 'fresh', useSeconds: stopAt - age }
  return age < refreshAt ? { state: 'settling', waitSeconds: refreshAt - age } : { state: 'stale' }
}

/**
 * By the steady clock, which nobody sets. After the host was started anew only the wall clock is left; where it says what cannot
 * be, the age is unknown: null.
 */
function ageOf(
  { tokenAt, tokenBootId, tokenSteadySeconds }: TokenTimes,
  steady: SteadyTime,
  wall: Date,
): number | null {
  if (tokenSteadySeconds !== null && tokenBootId === steady.bootId) return steady.seconds - tokenSteadySeconds
  const age = tokenAt ? (wall.getTime() - tokenAt.getTime()) / 1000 : -1
  return age >= 0 ? age : null
}

/** `expires_in` for an rclone that must stop using the token in so many seconds. Never 0, which rclone takes for “for ever”. */
export function expiresInOf(useSeconds: number): number {
  return Math.max(0, Math.floor(useSeconds)) + rcloneEarlySeconds
}
