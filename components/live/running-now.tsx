'use client'

import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { LiveProgress } from '@/components/run/live-progress'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import type { LiveState, OpenRun } from '@/core/live/schema'
import { OfflineNotice } from './offline-notice'
import { useLiveState } from './use-live-state'

/** What waits and goes on at this moment, with its progress; nothing where nothing does. */
export function RunningNow({ initial }: { initial: LiveState }) {
  const {
    state: { runs },
    isOffline,
  } = useLiveState(initial)
  return (
    <>
      <p aria-live="polite" className="sr-only">
        {runs.length === 0 ? '' : `${runs.length} ${runs.length === 1 ? 'run goes' : 'runs go'} on`}
      </p>
      {isOffline && <OfflineNotice />}
      {runs.length > 0 && (
        <Card title="Running now" flush>
          <ul className="divide-y divide-border">
            {runs.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

function RunRow({ run: { name, id, state, instance, planName, since, cancelRequested, progress } }: { run: OpenRun }) {
  return (
    <li className="px-5 py-3" data-run={id}>
      <Link
        href={`/${name}s/${id}`}
        className="-mx-2 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg px-2 py-1 hover:bg-surface-muted"
      >
        <StatusBadge state={state} />
        <span className="min-w-0 flex-1 break-words font-medium text-sm">
          {instance.name}
          <span className="font-normal text-muted">
            {' · '}
            {name === 'backup' ? planName : `restore of ${planName}`}
          </span>
        </span>
        <span className="text-muted text-xs">
          {cancelRequested ? 'is being cancelled' : state === 'queued' ? 'waits since ' : 'since '}
          {!cancelRequested && <Time at={since} plain />}
        </span>
        <ChevronRight className="size-4 shrink-0 text-muted" aria-hidden />
      </Link>
      {state === 'running' && progress && (
        <div className="mt-2">
          <LiveProgress progress={progress} />
        </div>
      )}
    </li>
  )
}
