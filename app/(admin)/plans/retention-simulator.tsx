'use client'

import { useRef } from 'react'
import { Bytes } from '@/components/bytes'
import { CheckboxField } from '@/components/form/fields'
import { Badge } from '@/components/ui/badge'
import { reasonWords } from '@/core/plans/retention-words'
import type { RetentionSimulation, SimulatedBackup } from '@/core/plans/simulate-retention'
import { ForecastChart } from './forecast-chart'
import { useSimulation } from './use-simulation'

/**
 * What the retention on a remote of the form does before it is saved: to each backup there is, and in the 90 days to come. `index` is
 * the remote's place in the form.
 */
export function RetentionSimulator({ timeZone, index }: { timeZone: string; index: number }) {
  const place = useRef<HTMLDivElement>(null)
  const { simulation, fault } = useSimulation(place, index)
  return (
    <div ref={place} className="space-y-4">
      {simulation && simulation.newDeletions > 0 && <Confirmation count={simulation.newDeletions} />}
      <section
        aria-label="What this retention does"
        className="space-y-4 rounded-lg bg-surface-muted px-4 py-3 text-sm"
      >
        <div aria-live="polite" className="min-h-10">
          {fault ? (
            <p className="text-bad">{fault}</p>
          ) : simulation ? (
            <Outcome simulation={simulation} />
          ) : (
            <p className="text-muted">Working out what this retention does…</p>
          )}
        </div>
        {simulation && !fault && (
          <>
            {simulation.backups.length > 0 && <History backups={simulation.backups} timeZone={timeZone} />}
            <ForecastChart forecast={simulation.forecast} timeZone={timeZone} />
          </>
        )}
      </section>
    </div>
  )
}

function Confirmation({ count }: { count: number }) {
  const backups = count === 1 ? '1 backup' : `${count} backups`
  return (
    <CheckboxField
      key={count}
      name="confirmedDeletions"
      value={String(count)}
      label={`Delete ${backups} that ${count === 1 ? 'is' : 'are'} kept today`}
      description="They are removed from the remote a few at a time, with each new backup, and nothing brings them back."
    />
  )
}

function Outcome({ simulation: { backups } }: { simulation: RetentionSimulation }) {
  const gone = backups.filter(({ reasons }) => reasons.length === 0)
  const bytes = gone.reduce((sum, backup) => sum + backup.bytes, 0)
  if (backups.length === 0) return <p>There is no backup on this remote yet.</p>
  return (
    <p>
      Of <b>{backups.length}</b> {backups.length === 1 ? 'backup' : 'backups'} on this remote{' '}
      <b>{backups.length - gone.length}</b> stay and <b>{gone.length}</b> {gone.length === 1 ? 'goes' : 'go'}
      {gone.length > 0 && (
        <>
          , which frees <Bytes value={bytes} />
        </>
      )}
      .
    </p>
  )
}

function History({ backups, timeZone }: { backups: SimulatedBackup[]; timeZone: string }) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit' },
  })
  return (
    <details open={backups.length <= 40}>
      <summary className="w-fit cursor-pointer font-medium">Each backup, and what keeps it</summary>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        aria-label="Backups and what keeps them"
        className="mt-2 max-h-72 overflow-y-auto rounded-md border border-border bg-surface"
      >
        <ul className="divide-y divide-border">
          {backups.map(({ id, at, bytes, reasons }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-3 py-1.5">
              <span className="tabular-nums">
                <time dateTime={at.toISOString()} className={reasons.length === 0 ? 'text-muted line-through' : ''}>
                  {format.format(at)}
                </time>{' '}
                <span className="text-muted text-xs">
                  <Bytes value={bytes} />
                </span>
              </span>
              <span className="flex flex-wrap gap-1">
                {reasons.length === 0 ? (
                  <Badge tone="bad">goes</Badge>
                ) : (
                  reasons.map((reason) => (
                    <Badge key={reason} tone="good">
                      {reasonWords[reason]}
                    </Badge>
                  ))
                )}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </details>
  )
}
