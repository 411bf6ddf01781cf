/** Moments to come, in the plan's own zone: `Tue 24 Nov 2026, 00:00 GMT-6`. */
export function RunList({ runs, timeZone }: { runs: Date[]; timeZone: string }) {
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
  return (
    <ol className="space-y-0.5 tabular-nums">
      {runs.map((run) => (
        <li key={run.toISOString()}>
          <time dateTime={run.toISOString()}>{format.format(run)}</time>
        </li>
      ))}
    </ol>
  )
}
