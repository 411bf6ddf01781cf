import type { PlannedStart } from '@/core/plans/start-time'

/** Runs to come, in the plan's own zone, `Tue 24 Nov 2026, 00:00 GMT-6`, with what moves them. */
export function RunList({ runs, timeZone }: { runs: PlannedStart[]; timeZone: string }) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
  return (
    <ol className="space-y-1 tabular-nums">
      {runs.map(({ plannedAt, startsAt, delayed, clockChangeMinutes }) => (
        <li key={plannedAt.toISOString()}>
          {clockChangeMinutes !== 0 && (
            <p className="text-warning text-xs">Clocks go {clockChangeWords(clockChangeMinutes)} before this run</p>
          )}
          <time dateTime={startsAt.toISOString()}>{format.format(startsAt)}</time>
          {delayed && <span className="text-muted text-xs"> after a blackout (due {clock.format(plannedAt)})</span>}
        </li>
      ))}
    </ol>
  )
}

function clockChangeWords(minutes: number): string {
  const hours = Math.abs(minutes) / 60
  return `${minutes > 0 ? 'forward' : 'back'} by ${hours === 1 ? 'one hour' : `${Math.abs(minutes)} minutes`}`
}
