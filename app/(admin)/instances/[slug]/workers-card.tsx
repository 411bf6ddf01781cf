import { Plus, Server } from 'lucide-react'
import Link from 'next/link'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import type { WorkerFacts } from '@/core/instances/get-instance'
import { WorkerState } from './worker-state'
import { ConfirmWorker } from './workers/confirm-worker'

export function WorkersCard({
  instanceSlug,
  workers,
  mayChange,
}: {
  instanceSlug: string
  workers: WorkerFacts[]
  mayChange: boolean
}) {
  const now = new Date()
  const enrol = mayChange && (
    <Button asChild size="sm" variant={workers.length ? 'secondary' : 'primary'}>
      <Link href={`/instances/${instanceSlug}/workers/new`}>
        <Plus aria-hidden />
        Enrol a worker
      </Link>
    </Button>
  )
  return (
    <Card title="Workers" actions={workers.length > 0 && enrol} flush>
      {workers.length === 0 ? (
        <EmptyState icon={<Server aria-hidden />} title="No worker yet" action={enrol}>
          A worker is a small program on the file server that makes the backups. You paste one command there.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-border">
          {workers.map((worker) => (
            <li key={worker.id} className="px-5 py-4">
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
                <div className="min-w-40 flex-1">
                  <Link
                    href={`/instances/${instanceSlug}/workers/${worker.slug}`}
                    className="break-words rounded-sm font-medium hover:underline"
                  >
                    {worker.slug}
                  </Link>
                  <p className="break-words text-muted text-sm">
                    {worker.hostName} · version {worker.version}
                  </p>
                </div>
                <div className="flex items-center gap-4">
                  {worker.lastSeenAt && worker.state === 'active' && (
                    <span className="text-muted text-sm">
                      seen <Time at={worker.lastSeenAt} />
                    </span>
                  )}
                  <WorkerState worker={worker} now={now} />
                </div>
              </div>
              {worker.state === 'pending' && mayChange && (
                <div className="mt-4 rounded-xl border border-border p-4">
                  <ConfirmWorker workerId={worker.id} fingerprint={worker.fingerprint} />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
