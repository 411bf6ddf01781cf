import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import type { Collision } from '@/core/plans/collisions'

const shownAtMost = 50

const effects = {
  worker: 'one waits for the other: a worker does one at a time',
  instance: 'one waits for the other: an instance is backed up by one at a time',
  remote: 'they share the bandwidth of the remote',
} as const

/** Which runs meet, and what comes of it. */
export function CollisionList({ collisions, timeZone }: { collisions: Collision[]; timeZone: string }) {
  if (collisions.length === 0)
    return (
      <Card title="Collisions">
        <p className="text-muted text-sm">None: no two runs want the same worker, instance or remote at once.</p>
      </Card>
    )
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
  return (
    <Card title={`Collisions (${collisions.length})`} description="A spread, or another hour, keeps them apart.">
      <ul className="divide-y divide-border text-sm">
        {collisions.slice(0, shownAtMost).map(({ from, until, runs, shared }) => (
          <li
            key={runs.map(({ plan, startsAt }) => plan.id + startsAt.toISOString()).join()}
            className="space-y-1 py-2"
          >
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="tabular-nums">{clock.formatRange(from, until)}</span>
              <span>
                {runs.map(({ plan, instance }, index) => (
                  <span key={plan.id}>
                    {index > 0 && ' and '}
                    <Link href={`/plans/${plan.id}/edit`} className="underline underline-offset-4">
                      {plan.name}
                    </Link>{' '}
                    of {instance.name}
                  </span>
                ))}
              </span>
              {shared.map((what) => (
                <Badge key={what} tone={what === 'remote' ? 'idle' : 'warning'}>
                  same {what}
                </Badge>
              ))}
            </p>
            <p className="text-muted text-xs">{effects[shared[0] ?? 'remote']}</p>
          </li>
        ))}
      </ul>
      {collisions.length > shownAtMost && (
        <p className="text-muted text-sm">and {collisions.length - shownAtMost} more in this week</p>
      )}
    </Card>
  )
}
