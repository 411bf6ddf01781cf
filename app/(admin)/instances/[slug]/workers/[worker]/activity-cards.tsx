import Link from 'next/link'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import type { WorkerRun } from '@/core/workers/get-worker-activity'

const words = {
  backup: 'Backup',
  restore: 'Restore',
  deletion: 'Deletion of old backups from',
  copy: 'Copying a backup of',
} as const

/** What the worker does now, and what went wrong with it last. */
export function ActivityCards({ current, failures }: { current: WorkerRun[]; failures: WorkerRun[] }) {
  return (
    <>
      <Card title="At work">
        {current.length === 0 ? <p className="text-muted text-sm">Nothing now.</p> : <RunList runs={current} />}
      </Card>
      {failures.length > 0 && (
        <Card title="Last errors" description="The latest runs of this worker that failed or were lost.">
          <RunList runs={failures} />
        </Card>
      )}
    </>
  )
}

function RunList({ runs }: { runs: WorkerRun[] }) {
  return (
    <ul className="divide-y divide-border">
      {runs.map((run) => (
        <li
          key={`${run.kind} ${run.id}`}
          className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0"
        >
          <div className="min-w-52 flex-1">
            <RunName run={run} />
            {run.problem && <p className="break-words text-muted text-sm">{run.problem.text}</p>}
          </div>
          <div className="flex items-center gap-3 text-muted text-sm">
            {(run.finishedAt ?? run.startedAt) && <Time at={run.finishedAt ?? run.startedAt ?? ''} />}
            <StatusBadge state={run.state} />
          </div>
        </li>
      ))}
    </ul>
  )
}

function RunName({ run }: { run: WorkerRun }) {
  const name = `${words[run.kind]} ${run.subject}`
  if (run.href === null) return <span className="font-medium text-sm">{name}</span>
  return (
    <Link href={run.href} className="rounded-sm font-medium text-sm hover:underline">
      {name}
    </Link>
  )
}
