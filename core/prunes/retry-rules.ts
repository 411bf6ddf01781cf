const firstRetryMilliseconds = 10 * 60_000
const longestRetryMilliseconds = 24 * 3_600_000
/** A worker that is back may still have a run in hand that we believe lost: it gets so long to say so. */
const graceMilliseconds = 2 * 60_000

/** Whether the removal of a leftover is to be tried again, after these tries: the pauses double, up to a day. Pure. */
export function isRemovalDue(tries: { requestedAt: Date; finishedAt: Date | null }[], now: Date): boolean {
  if (tries.length === 0) return true
  const last = Math.max(...tries.map(({ finishedAt, requestedAt }) => (finishedAt ?? requestedAt).getTime()))
  const wait = Math.min(firstRetryMilliseconds * 2 ** (tries.length - 1), longestRetryMilliseconds)
  return now.getTime() - last >= wait
}

/** Whether a worker that had a run in hand when it was lost no longer has. Pure. */
export function wasHeardSince(
  worker: { state: string; lastSeenAt: Date | null } | undefined,
  lostAt: Date | null,
): boolean {
  if (worker?.state !== 'active') return true
  return (worker.lastSeenAt?.getTime() ?? 0) > (lostAt?.getTime() ?? 0) + graceMilliseconds
}
