/**
 * True when a worker said nothing of its run for `lostAfterSeconds` although we listened all the while. `listeningSince` null:
 * we cannot hear anybody, so nobody is silent.
 */
export function isSilent(lastSeenAt: Date, listeningSince: Date | null, now: Date, lostAfterSeconds: number): boolean {
  if (!listeningSince) return false
  const heard = Math.max(lastSeenAt.getTime(), listeningSince.getTime())
  return now.getTime() - heard > lostAfterSeconds * 1000
}
