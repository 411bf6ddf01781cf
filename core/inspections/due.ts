import { sha256Hex } from '@/lib/crypto'

const daySeconds = 86_400
const retryMilliseconds = 3_600_000

/**
 * The last moment, up to now, at which a listing of an instance on a remote was due: once a day, each pair at a time of its own, so
 * that they are spread over the day.
 */
export function lastSlot(instanceId: string, remoteId: string, now: Date): Date {
  const offset = (Number.parseInt(sha256Hex(`${instanceId} ${remoteId}`).slice(0, 8), 16) % daySeconds) * 1000
  const day = daySeconds * 1000
  return new Date(Math.floor((now.getTime() - offset) / day) * day + offset)
}

/**
 * Whether a look by schedule is due: none came to its end since `dueAt`, and the last try is an hour ago, as a remote that is away
 * is not asked every minute.
 */
export function isDue(facts: { dueAt: Date; doneAt: Date | null; triedAt: Date | null }, now: Date): boolean {
  const { dueAt, doneAt, triedAt } = facts
  if (now < dueAt || (doneAt && doneAt >= dueAt)) return false
  return !triedAt || now.getTime() - triedAt.getTime() >= retryMilliseconds
}
