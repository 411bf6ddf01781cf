import { LoaderCircle } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { ConfirmWorker } from '@/app/(admin)/instances/[slug]/workers/confirm-worker'
import { revokeMigrationAction } from '@/app/(admin)/migrations/actions'
import { MigrationBadge } from '@/app/(admin)/migrations/migration-badge'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { ConfirmButton } from '@/components/form/confirm-button'
import { LivePage } from '@/components/live/live-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { readLiveState } from '@/core/live/read-live-state'
import { getMigration, type MigrationDetail } from '@/core/migrations/get-migration'
import { MigrationFacts } from './migration-facts'

export const metadata: Metadata = { title: 'Migration' }

export default async function MigrationPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { id } = await params
  const { version } = await readLiveState()
  const migration = await orNotFound(getMigration(id))
  const administers = may(actor, 'administer')
  const isOpen = ['waiting', 'pending', 'beginning', 'failed'].includes(migration.state) && migration.isRedeemable
  return (
    <>
      <PageHeader
        title={`Migration to ${migration.workerSlug} of ${migration.instance.name}`}
        badge={<MigrationBadge state={migration.state} />}
        breadcrumbs={[{ label: 'Restores', href: '/restores' }]}
        description="A link for a fresh host, which becomes a worker and restores a backup."
        actions={
          <>
            {administers && isOpen && (
              <ConfirmButton
                action={revokeMigrationAction}
                values={{ id }}
                title="Withdraw this link?"
                question="No host redeems it any more, and no restore begins by it. A worker that it made stays; revoke it on its page."
                confirmLabel="Withdraw it"
              >
                Withdraw
              </ConfirmButton>
            )}
            {migration.restoreId && (
              <Button asChild variant="primary">
                <Link href={`/restores/${migration.restoreId}`}>To the restore</Link>
              </Button>
            )}
          </>
        }
      />
      <LivePage version={version} />
      <div className="space-y-6">
        <Step migration={migration} administers={administers} />
        <MigrationFacts migration={migration} />
      </div>
    </>
  )
}

/** What happens now, and what somebody has to do. */
function Step({ migration, administers }: { migration: MigrationDetail; administers: boolean }) {
  const { state, worker, problem, instance } = migration
  const spinner = <LoaderCircle className="animate-spin" aria-hidden />
  if (state === 'waiting')
    return (
      <Notice tone="running" icon={spinner} className="max-w-3xl">
        <p className="text-text">Waiting for the host to call. This page notices by itself.</p>
      </Notice>
    )
  if (state === 'pending' && worker)
    return (
      <Card
        title="Compare and confirm"
        description={`${worker.hostName} has called. Nothing is sent there before somebody confirms it.`}
        className="max-w-3xl"
      >
        {administers ? (
          <ConfirmWorker workerId={worker.id} fingerprint={worker.fingerprint} />
        ) : (
          <p className="text-muted text-sm">An administrator confirms it.</p>
        )}
      </Card>
    )
  if (state === 'beginning' || state === 'restoring')
    return (
      <Notice tone="running" icon={spinner} className="max-w-3xl">
        <p className="text-text">
          {state === 'beginning' ? 'The restore is asked for in a few seconds.' : 'The host restores.'}
        </p>
      </Notice>
    )
  if (state === 'failed')
    return (
      <div className="max-w-3xl space-y-3">
        {problem && <ProblemAlert problem={problem} />}
        {migration.isRedeemable && (
          <p className="text-muted text-sm">
            Repeat the same command on the same host: it goes on, and the restore is begun anew.
          </p>
        )}
      </div>
    )
  if (state === 'done')
    return (
      <Notice tone="good" title="Restored, and compared with the backup." className="max-w-3xl">
        <p className="text-text">
          Start the worker on the host as a service, then add its{' '}
          <Link href={`/instances/${instance.slug}`} className="underline underline-offset-4">
            sources and a plan
          </Link>
          , so that it is backed up, too.
        </p>
      </Notice>
    )
  return null
}
