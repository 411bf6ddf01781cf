import { CircleHelp, Hourglass, Radio } from 'lucide-react'
import Link from 'next/link'
import { Bytes } from '@/components/bytes'
import { Findings } from '@/components/findings'
import { IncidentMark } from '@/components/incident-mark'
import { HealthBadge } from '@/components/health-badge'
import { Ago, Upcoming } from '@/components/time'
import { classNames } from '@/components/ui/class-names'
import type { InstanceHealth } from '@/core/health/judge'
import type { InstanceOverview, PlanOverview } from '@/core/health/list-overview'
import type { IncidentListItem } from '@/core/incidents/list-incidents'
import { WorkerState } from './instances/[slug]/worker-state'
import { PlanStrip } from './plan-strip'
import { SizeTrend } from './size-trend'

const edges = {
  protected: 'border-l-good',
  'at risk': 'border-l-bad',
  unprotected: 'border-l-bad',
  paused: 'border-l-border-strong',
} as const

/** How one instance stands: in a word, when it was last saved, when it will be, what is wrong, and its last month. */
export function InstanceCard({
  instance,
  incidents,
  renderedAt,
}: {
  instance: InstanceOverview
  /** open ones that concern it */
  incidents: IncidentListItem[]
  renderedAt: number
}) {
  const { slug, name, state, health, plans, workers } = instance
  const bytes = plans.reduce((sum, plan) => sum + plan.bytesOnRemote, 0)
  return (
    <li
      data-health={state}
      className={classNames('rounded-xl border border-border border-l-4 bg-surface px-5 py-4 shadow-xs', edges[state])}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words font-semibold text-base">
          <Link href={`/instances/${slug}`} className="rounded-sm hover:underline">
            {name}
          </Link>
        </h3>
        <HealthBadge state={state} />
        {health.isNeverDrilled && <NeverDrilled />}
        <Workers workers={workers} renderedAt={renderedAt} />
      </div>
      <p className="mt-1 text-muted text-sm">
        <Sentence health={health} planCount={plans.length} renderedAt={renderedAt} />
        {bytes > 0 && (
          <>
            {' · '}
            <Bytes value={bytes} /> on the remote
          </>
        )}
      </p>
      {health.findings.length > 0 && (
        <div className="mt-2">
          <Findings findings={health.findings} />
        </div>
      )}
      <Forecasts incidents={incidents.filter(({ kind }) => kind === 'room-forecast')} />
      {plans.length > 0 && (
        <ul className="mt-3 space-y-2 border-border border-t pt-3">
          {plans.map((plan) => (
            <PlanRow
              key={plan.id}
              plan={plan}
              incident={incidents.find(({ subject }) => subject === `plan:${plan.id}`)}
            />
          ))}
        </ul>
      )}
    </li>
  )
}

/** Of the accounts that its plans write to. */
function Forecasts({ incidents }: { incidents: IncidentListItem[] }) {
  return incidents.map(({ id, title }) => (
    <p key={id} className="mt-2 flex items-center gap-2 text-sm">
      <Hourglass className="size-4 shrink-0 text-warning" aria-hidden />
      <Link href={`/incidents/${id}`} className="rounded-sm hover:underline">
        {title}
      </Link>
    </p>
  ))
}

const verifiedWords = {
  none: 'not verified',
  uploaded: 'verified on the remote',
  readBack: 'read back from the remote and compared',
  drilled: 'restored and compared',
} as const

/** Composed of facts alone: what is not known is not said. */
function Sentence({
  health: { newestGood, next },
  planCount,
  renderedAt,
}: {
  health: InstanceHealth
  planCount: number
  renderedAt: number
}) {
  return (
    <>
      {newestGood ? (
        <>
          Last good backup <Ago at={newestGood.finishedAt} renderedAt={renderedAt} />
          {' · '}
          {verifiedWords[newestGood.verification]}
          {' · '}
          <Link href={`/backups/${newestGood.id}`} className="rounded-sm underline underline-offset-4">
            restorable
          </Link>
          {newestGood.withWarnings && ' · with ordinary warnings'}
        </>
      ) : planCount > 1 ? (
        'Not every plan has a good backup'
      ) : (
        'No good backup yet'
      )}
      {next && (
        <>
          {' · next '}
          <Upcoming at={next.at} timeZone={next.timeZone} renderedAt={renderedAt} />
        </>
      )}
    </>
  )
}

function NeverDrilled() {
  return (
    <span className="inline-flex items-center gap-1 text-muted text-xs">
      <CircleHelp className="size-3.5" aria-hidden />
      never drilled: no restore was tried yet
    </span>
  )
}

function Workers({ workers, renderedAt }: { workers: InstanceOverview['workers']; renderedAt: number }) {
  if (workers.length === 0) return null
  return (
    <span className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1">
      {workers.map((worker) => (
        <span key={worker.slug} className="inline-flex items-center gap-1.5 text-muted text-xs">
          <Radio className="size-3.5" aria-hidden />
          {worker.slug}
          <WorkerState worker={worker} now={new Date(renderedAt)} />
        </span>
      ))}
    </span>
  )
}

function PlanRow({
  plan: { id, name, state, strip, marks, sizes, bytesOnRemote },
  incident,
}: {
  plan: PlanOverview
  incident: IncidentListItem | undefined
}) {
  return (
    <li className="grid items-center gap-x-4 gap-y-1 text-sm sm:grid-cols-[13rem_minmax(0,1fr)_auto]">
      <span className="flex min-w-0 items-center gap-2">
        <Link href={`/plans/${id}`} className="min-w-0 truncate rounded-sm hover:underline">
          {name}
        </Link>
        {state !== 'protected' && <HealthBadge state={state} />}
        {incident && <IncidentMark incident={incident} />}
      </span>
      <PlanStrip planId={id} name={name} strip={strip} marks={marks} />
      <span className="flex items-center justify-end gap-3 text-muted text-xs max-sm:justify-between">
        <SizeTrend sizes={sizes} name={name} />
        <span className="w-16 text-right">{bytesOnRemote > 0 && <Bytes value={bytesOnRemote} />}</span>
      </span>
    </li>
  )
}
