import { db, type RunState } from '@/lib/db'
import { type BackupFilter, conditionOf } from './backup-filter'
import { addDays, dayReader, startOfDay } from './days'

/** How many backups of a day ended how. */
export type DayCounts = { failed: number; partial: number; good: number; open: number }

export type CountedDay = { day: string; counts: DayCounts }

const meanings: Record<RunState, keyof DayCounts> = {
  failed: 'failed',
  lost: 'failed',
  warning: 'partial',
  cancelled: 'partial',
  skipped: 'partial',
  succeeded: 'good',
  queued: 'open',
  running: 'open',
}

/** Whole weeks, so that the same weekdays stand side by side. */
const weeks = 53

/**
 * The last 53 weeks, from a Monday up to today in that zone, each day with the backups that were due or asked for then; the
 * filter's own days do not matter. SQLite knows no zones: it counts by quarter of an hour, in which every zone's days begin.
 */
export async function countByDay(filter: BackupFilter, timeZone: string, now = new Date()): Promise<CountedDay[]> {
  const dayOf = dayReader(timeZone)
  const today = dayOf(now)
  const daysSinceMonday = (new Date(today).getUTCDay() + 6) % 7
  const first = addDays(today, -daysSinceMonday - 7 * (weeks - 1))
  const counted = Array.from({ length: 7 * (weeks - 1) + daysSinceMonday + 1 }, (_, index) => ({
    day: addDays(first, index),
    counts: { failed: 0, partial: 0, good: 0, open: 0 },
  }))
  const byDay = new Map(counted.map(({ day, counts }) => [day, counts]))
  const from = startOfDay(first, timeZone)
  for (const { hour, quarter, state, count } of await countByQuarter({ ...filter, from, until: undefined })) {
    const counts = byDay.get(dayOf(new Date(`${hour}:${String(Number(quarter) * 15).padStart(2, '0')}:00Z`)))
    if (counts) counts[meanings[state]] += Number(count)
  }
  return counted
}

type QuarterCount = { hour: string; quarter: bigint; state: RunState; count: bigint }

function countByQuarter(filter: BackupFilter): Promise<QuarterCount[]> {
  return db().$queryRaw<QuarterCount[]>`
    SELECT substr(b.requestedAt, 1, 13) AS hour, CAST(substr(b.requestedAt, 15, 2) AS INTEGER) / 15 AS quarter, b.state, COUNT(*) AS count
    FROM Backup b WHERE ${conditionOf(filter)} GROUP BY 1, 2, 3`
}
