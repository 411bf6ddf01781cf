import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { WorkerState } from '@/app/(admin)/instances/[slug]/worker-state'
import { revokeWorkerAction } from '@/app/(admin)/instances/[slug]/workers/actions'
import { ConfirmWorker } from '@/app/(admin)/instances/[slug]/workers/confirm-worker'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { ConfirmButton } from '@/components/form/confirm-button'
import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { getInstance } from '@/core/instances/get-instance'
import { hasRight } from '@/core/users/rights'
import { getWorkerActivity } from '@/core/workers/get-worker-activity'
import { upgradeHint } from '@/core/workers/upgrade-rules'
import { ActivityCards } from './activity-cards'
import { SpoolDisk } from './spool-disk'

/** Deletion stops when clocks disagree by 5 min; a person hears of it earlier. */
const skewWorthSayingSeconds = 30

export async function generateMetadata({ params }: { params: Promise<{ worker: string }> }): Promise<Metadata> {
  return { title: `Worker ${(await params).worker}` }
}

export default async function WorkerPage({ params }: { params: Promise<{ slug: string; worker: string }> }) {
  const actor = await authorizePage('view')
  const { slug, worker: workerSlug } = await params
  const instance = await orNotFound(getInstance(slug))
  const worker = instance.workers.find((candidate) => candidate.slug === workerSlug)
  if (!worker) notFound()
  const mayChange = hasRight(actor.role ?? 'viewer', 'administer')
  const { current, failures } = await getWorkerActivity(worker.id)
  const upgrade = upgradeHint(worker)
  const sources = instance.sources.filter((source) => source.worker.slug === workerSlug)
  return (
    <>
      <PageHeader
        title={worker.slug}
        breadcrumbs={[
          { label: 'Instances', href: '/instances' },
          { label: instance.name, href: `/instances/${slug}` },
        ]}
        badge={<WorkerState worker={worker} now={new Date()} />}
        description={`Worker on ${worker.hostName}`}
      />
      <div className="space-y-6">
        {worker.state === 'pending' && mayChange && (
          <Card title="Compare and confirm">
            <ConfirmWorker workerId={worker.id} fingerprint={worker.fingerprint} />
          </Card>
        )}
        {Math.abs(worker.clockSkewSeconds) > skewWorthSayingSeconds && (
          <Notice tone="warning" title="The clocks disagree.">
            <p className="text-text">
              The host's clock is {formatDuration(Math.abs(worker.clockSkewSeconds))}{' '}
              {worker.clockSkewSeconds > 0 ? 'ahead' : 'behind'}. From 5 minutes on, no old backup is deleted. Set up
              NTP on the host.
            </p>
          </Notice>
        )}
        {upgrade && (
          <Notice
            tone={upgrade.level === 'warning' ? 'warning' : 'idle'}
            title="A newer version of the worker is there."
            data-upgrade={upgrade.level}
          >
            <p className="text-text">
              {upgrade.text} Install the dashboard's version on the host and start the worker again.
            </p>
          </Notice>
        )}
        <ActivityCards current={current} failures={failures} />
        <Card title="Facts">
          <FactList>
            <Fact label="Host">{worker.hostName}</Fact>
            <Fact label="Version">{worker.version}</Fact>
            <Fact label="Last seen">{worker.lastSeenAt ? <Time at={worker.lastSeenAt} /> : 'never'}</Fact>
            <Fact label="Enrolled">
              <Time at={worker.enrolledAt} />
            </Fact>
            <Fact label="Confirmed">{worker.confirmedAt ? <Time at={worker.confirmedAt} /> : 'not yet'}</Fact>
            <Fact label="Protocol">{worker.protocol}</Fact>
            <Fact label="Clock">{clockWords(worker)}</Fact>
            <Fact label="Disk of the spool">
              {worker.lastSeenAt ? (
                <SpoolDisk freeBytes={worker.spoolFreeBytes} totalBytes={worker.spoolTotalBytes} />
              ) : (
                'not known yet'
              )}
            </Fact>
            <Fact label="Fingerprint">
              <span className="font-mono text-xs">{worker.fingerprint}</span>
            </Fact>
            <Fact label="Sources">{sources.length ? sources.map((source) => source.slug).join(', ') : 'none'}</Fact>
          </FactList>
        </Card>
        <Card title="Tools on the host" description="As the worker found them; a missing one is not listed.">
          <FactList>
            {Object.entries(worker.tools).map(([name, version]) => (
              <Fact key={name} label={name}>
                {version}
              </Fact>
            ))}
          </FactList>
          {Object.keys(worker.tools).length === 0 && <p className="text-muted text-sm">None reported.</p>}
        </Card>
        {mayChange && (
          <Card
            title="Revoke this worker"
            description="Its key stops working at once. Its slug can be used again by a new worker, which takes over its sources."
          >
            <ConfirmButton
              action={revokeWorkerAction.bind(null, slug)}
              values={{ workerId: worker.id }}
              title={`Revoke ${worker.slug}?`}
              question={
                <p>
                  {sources.length
                    ? `${sources.length === 1 ? 'Its source is' : `Its ${sources.length} sources are`} no longer backed up until another worker takes over.`
                    : 'It has no sources.'}{' '}
                  A backup that it is making now is lost.
                </p>
              }
              confirmLabel="Revoke worker"
              typedName={worker.slug}
            >
              Revoke worker
            </ConfirmButton>
          </Card>
        )}
      </div>
    </>
  )
}

function clockWords({ lastSeenAt, clockSkewSeconds }: { lastSeenAt: Date | null; clockSkewSeconds: number }): string {
  if (!lastSeenAt) return 'not known yet'
  const seconds = Math.abs(clockSkewSeconds)
  if (seconds < 1) return 'as ours'
  return `${formatDuration(seconds)} ${clockSkewSeconds > 0 ? 'ahead' : 'behind'}`
}
