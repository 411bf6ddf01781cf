import { latestDue } from '@/core/plans/schedule'

type Times = {
  cron: string
  timeZone: string
  paused: boolean
  scheduledFrom: Date
  wantedAt: Date | null
  /** the latest time for which a restore was asked for; null: none was */
  begunFor: Date | null
}

/** Whoever works on the instance in the morning does not want its data exchanged under their hands: so late nothing begins any more. */
export const startWindowMilliseconds = 2 * 3_600_000

/** The latest time, planned or asked for by hand, for which no restore was asked for; null: there is none. Pure. */
export function dueTime({ cron, timeZone, paused, scheduledFrom, wantedAt, begunFor }: Times, now: Date): Date | null {
  const after = begunFor && begunFor > scheduledFrom ? begunFor : scheduledFrom
  const planned = paused ? null : latestDue(cron, timeZone, after, now)
  const wanted = wantedAt && wantedAt > (begunFor ?? 0) && wantedAt <= now ? wantedAt : null
  return [planned, wanted].reduce((latest, time) => (time && (!latest || time > latest) ? time : latest), null)
}

/** Whether a restore may still begin for it. */
export function isInWindow(dueAt: Date, now: Date): boolean {
  return now.getTime() - dueAt.getTime() < startWindowMilliseconds
}
