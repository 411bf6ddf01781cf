/** When what lies in the outbox is sent. Pure. */

export type Waiting = {
  id: string
  createdAt: Date
  notBefore: Date
  attempts: number
  nextAttemptAt: Date | null
}

const minuteMilliseconds = 60_000
/** An attempt that was begun and never ended, as its process was killed, is made again after so long. */
export const leaseMilliseconds = 3 * minuteMilliseconds
const longestBackoffMilliseconds = 60 * minuteMilliseconds
/** After a week a message helps nobody; its incident is still on its page. */
export const givenUpAfterMilliseconds = 7 * 24 * 60 * minuteMilliseconds
/** No quiet hours last longer: beyond them a wrong clock wrote the time. */
const longestWaitMilliseconds = 25 * 60 * minuteMilliseconds

/** `attempts`: made so far. 30 s, 1, 2, 4 … minutes, or the longer `pause` that the other side asked for; at most an hour. */
export function backoffMilliseconds(attempts: number, pauseMilliseconds: number | null = null): number {
  const own = 30_000 * 2 ** Math.min(attempts - 1, 10)
  return Math.min(longestBackoffMilliseconds, Math.max(own, pauseMilliseconds ?? 0))
}

/** Which of a channel's messages is sent next: one that was tried already, so that none overtakes it; else the first that may go. */
export function nextOf<Row extends Waiting>(waiting: Row[], now: Date): Row | undefined {
  return waiting.find(({ attempts }) => attempts > 0) ?? waiting.find((delivery) => isDue(delivery, now))
}

export function isDue({ notBefore, nextAttemptAt }: Waiting, now: Date): boolean {
  return isReached(notBefore, now, longestWaitMilliseconds) && isReached(nextAttemptAt, now, longestBackoffMilliseconds)
}

/** Further away than such a time can be, it was written with a wrong clock. */
function isReached(at: Date | null, now: Date, longest: number): boolean {
  return at === null || at <= now || at.getTime() - now.getTime() > longest
}
