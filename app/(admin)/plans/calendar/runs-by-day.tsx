import Link from 'next/link'
import { formatDuration } from '@/components/format-time'
import { Card } from '@/components/ui/card'
import type { ExpectedRun } from '@/core/plans/collisions'
import type { Week } from './week'

const shownPerDay = 60

/** The same as a list: for phones, and for those who do not see the picture. */
export function RunsByDay({ week, runs, timeZone }: { week: Week; runs: ExpectedRun[]; timeZone: string }) {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long', day: 'numeric', month: 'long' })
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  return (
    <Card title="As a list">
      <div className="columns-1 gap-8 space-y-4 text-sm lg:columns-2">
        {week.days.map(({ begin, end }) => {
          const ofDay = runs.filter(({ startsAt }) => begin <= startsAt && startsAt < end)
          if (ofDay.length === 0) return null
          return (
            <section key={begin.toISOString()} className="break-inside-avoid-column">
              <h3 className="font-medium">{day.format(begin)}</h3>
              <ol className="mt-1">
                {ofDay.slice(0, shownPerDay).map(({ plan, instance, startsAt, endsAt }) => (
                  <li key={plan.id + startsAt.toISOString()} className="flex min-h-7 flex-wrap items-center gap-x-2">
                    <time dateTime={startsAt.toISOString()} className="tabular-nums">
                      {clock.format(startsAt)}
                    </time>
                    <Link
                      href={`/plans/${plan.id}`}
                      className="inline-flex min-h-7 min-w-0 items-center break-words underline underline-offset-4"
                    >
                      {plan.name}
                    </Link>
                    <span className="text-muted">
                      of {instance.name}, about {formatDuration((endsAt.getTime() - startsAt.getTime()) / 1000)}
                    </span>
                  </li>
                ))}
              </ol>
              {ofDay.length > shownPerDay && <p className="text-muted">and {ofDay.length - shownPerDay} more</p>}
            </section>
          )
        })}
      </div>
    </Card>
  )
}
