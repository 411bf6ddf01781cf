import { formatDuration } from '@/components/format-time'
import { classNames } from '@/components/ui/class-names'
import type { Collision, ExpectedRun } from '@/core/plans/collisions'
import type { Week } from './week'

const lanesShown = 60

/** A row for each worker or remote and a column for each day: a picture, of which the list below says the same in words. */
export function LaneTable({
  week,
  runs,
  collisions,
  by,
  timeZone,
}: {
  week: Week
  runs: ExpectedRun[]
  collisions: Collision[]
  by: 'worker' | 'remote'
  timeZone: string
}) {
  const lanes = lanesOf(runs, by)
  const colliding = new Set(
    collisions.filter(({ shared }) => shared.includes(by)).flatMap((collision) => collision.runs),
  )
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric' })
  return (
    <div className="space-y-2">
      <table className="w-full table-fixed border-separate border-spacing-x-1 border-spacing-y-1.5 text-left text-xs">
        <caption className="sr-only">Runs of the week by {by}</caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="w-1/6 font-medium max-md:w-1/4">
              {by === 'worker' ? 'Worker' : 'Remote'}
            </th>
            {week.days.map(({ begin }) => (
              <th key={begin.toISOString()} scope="col" className="font-medium">
                <span className="max-md:hidden">{day.format(begin)}</span>
                <span className="md:hidden">{day.format(begin).slice(0, 2)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lanes.slice(0, lanesShown).map(([name, ofLane]) => (
            <tr key={name}>
              <th scope="row" className="break-words pr-2 font-medium text-text">
                {name}
              </th>
              {week.days.map((column) => (
                <td key={column.begin.toISOString()} className="p-0">
                  <DayBar day={column} runs={ofLane} colliding={colliding} timeZone={timeZone} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-muted text-xs">
        Each box is a day from 0 to 24 h. Striped: two runs want the same {by} at once.
        {lanes.length > lanesShown && ` ${lanes.length - lanesShown} more are not shown.`}
      </p>
    </div>
  )
}

function lanesOf(runs: ExpectedRun[], by: 'worker' | 'remote'): [string, ExpectedRun[]][] {
  const lanes = new Map<string, ExpectedRun[]>()
  for (const run of runs)
    for (const name of by === 'worker' ? run.workers : run.remotes) {
      const lane = lanes.get(name)
      if (lane) lane.push(run)
      else lanes.set(name, [run])
    }
  return [...lanes].sort(([a], [b]) => a.localeCompare(b))
}

function DayBar({
  day: { begin, end },
  runs,
  colliding,
  timeZone,
}: {
  day: Week['days'][number]
  runs: ExpectedRun[]
  colliding: Set<ExpectedRun>
  timeZone: string
}) {
  const length = end.getTime() - begin.getTime()
  const within = runs.filter(({ startsAt, endsAt }) => startsAt < end && endsAt > begin)
  return (
    <div className="relative h-7 rounded bg-surface-muted">
      <span className="sr-only">{within.length === 0 ? 'nothing' : `${within.length} runs`}</span>
      {within.map((run) => {
        const from = Math.max(0, run.startsAt.getTime() - begin.getTime()) / length
        const until = Math.min(length, run.endsAt.getTime() - begin.getTime()) / length
        const collides = colliding.has(run)
        return (
          <span
            key={`${run.plan.id} ${run.startsAt.toISOString()}`}
            aria-hidden
            title={runWords(run, timeZone) + (collides ? ', collides' : '')}
            style={{ left: `${from * 100}%`, width: `max(3px, ${(until - from) * 100}%)` }}
            className={classNames(
              'absolute inset-y-1 overflow-hidden rounded-sm',
              collides
                ? 'bg-[repeating-linear-gradient(45deg,var(--warning)_0_3px,var(--warning-soft)_3px_6px)]'
                : 'bg-accent opacity-80',
            )}
          />
        )
      })}
    </div>
  )
}

function runWords({ plan, instance, startsAt, endsAt }: ExpectedRun, timeZone: string): string {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
  return `${plan.name} of ${instance.name}, ${clock.format(startsAt)}, about ${formatDuration((endsAt.getTime() - startsAt.getTime()) / 1000)}`
}
