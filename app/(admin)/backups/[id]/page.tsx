import { FolderOpen, RotateCcw } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { Loaded } from '@/components/loading/loaded'
import { LiveView } from '@/components/run/live-view'
import { IncidentMark } from '@/components/incident-mark'
import { StatusBadge } from '@/components/status-badge'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'
import type { Actor } from '@/core/audit/actor'
import { listEventsOf } from '@/core/audit/list-events-of'
import { type BackupDetail, getBackup } from '@/core/backups/get-backup'
import { getBackupComparison } from '@/core/backups/get-backup-comparison'
import { getBackupDeletion } from '@/core/backups/get-backup-deletion'
import { getBackupLive } from '@/core/backups/get-backup-live'
import { getBackupThroughput } from '@/core/backups/get-backup-throughput'
import { getWarningGroups } from '@/core/backups/get-backup-warnings'
import { findOpenIncident } from '@/core/incidents/find-open-incident'
import { listBackupReplications } from '@/core/replications/list-backup-replications'
import { phases } from '@/protocol/events'
import { ArtifactsCard } from './artifacts-card'
import { BackupFacts } from './backup-facts'
import { BackupSkeleton } from './backup-skeleton'
import { CancelBackup } from './cancel-backup'
import { ComparisonCard } from './comparison-card'
import { ContentCard, UnreadableContent } from './content-card'
import { CopiesCard } from './copies-card'
import { DeleteBackup } from './delete-backup'
import { EventsCard } from './events-card'
import { PinControl } from './pin-control'
import { PlainRestore } from './plain-restore'
import { RestoresCard } from './restores-card'
import { ThroughputCard } from './throughput-card'
import { VerifyControl } from './verify-control'
import { WarningsCard } from './warnings-card'

export const metadata: Metadata = { title: 'Backup' }

export default async function BackupPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { id } = await params
  const backup = await orNotFound(getBackup(id))
  const skeleton = <BackupSkeleton backup={backup} title={titleOf(backup)} origin={<Origin backup={backup} />} />
  return <Loaded skeleton={skeleton}>{drawBackup(backup, actor)}</Loaded>
}

async function drawBackup(backup: BackupDetail, actor: Actor) {
  const { id } = backup
  const [live, throughput, warnings, comparison, deletion, prospects] = await Promise.all([
    getBackupLive(id),
    getBackupThroughput(id),
    getWarningGroups(id),
    getBackupComparison(id),
    getBackupDeletion(id),
    listBackupReplications(id),
  ])
  const events = await listEventsOf([id, ...backup.restores.map((restore) => restore.id)])
  const incident = await findOpenIncident(`/backups/${id}`)
  const operates = may(actor, 'operate')
  return (
    <>
      <PageHeader
        title={titleOf(backup)}
        badge={
          <>
            <StatusBadge state={backup.state} />
            {incident && <IncidentMark incident={incident} />}
          </>
        }
        breadcrumbs={[{ label: 'Backups', href: '/backups' }]}
        description={<Origin backup={backup} />}
        actions={<Actions backup={backup} operates={operates} />}
      />
      <p className="mb-4 hidden text-muted text-sm print:block">
        Backup {id}
        {backup.folder && `, ${backup.instance.slug}/${backup.folder}`}
      </p>
      <LiveView
        key={backup.id}
        id={id}
        logHref={`/api/backups/${id}/log`}
        initial={live}
        order={phases.backup}
        noun="backup"
        renderedAt={Date.now()}
      >
        {backup.warningCount > 0 && <WarningsCard id={id} groups={warnings} count={backup.warningCount} />}
        <BackupFacts backup={backup} />
        {comparison && <ComparisonCard comparison={comparison} />}
        <CopiesCard
          backup={backup}
          prospects={prospects}
          mayCopy={operates}
          pin={operates && backup.restorable && <PinControl id={id} pinned={backup.pinned} />}
        />
        <VerifyControl backupId={id} mayVerify={operates} />
        {backup.artifacts.length > 0 && <ArtifactsCard id={id} artifacts={backup.artifacts} />}
        {backup.summary && <ContentCard summary={backup.summary} />}
        {backup.isSummaryUnreadable && <UnreadableContent />}
        <ThroughputCard key={live.state} id={id} initial={throughput} isOver={backup.finishedAt !== null} />
        {backup.restores.length > 0 && <RestoresCard restores={backup.restores} />}
        {backup.restorable && <PlainRestore backup={backup} />}
        {events.length > 0 && <EventsCard events={events} />}
        {deletion && may(actor, 'administer') && <DeleteBackup id={id} deletion={deletion} />}
      </LiveView>
    </>
  )
}

function titleOf(backup: BackupDetail): string {
  const at = backup.startedAt ?? backup.requestedAt
  return `${backup.plan.name}, ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function Origin({ backup }: { backup: BackupDetail }) {
  const link = 'underline underline-offset-4'
  return (
    <>
      Of{' '}
      <Link href={`/instances/${backup.instance.slug}`} className={link}>
        {backup.instance.name}
      </Link>
      , by plan{' '}
      {backup.plan.id ? (
        <Link href={`/plans/${backup.plan.id}`} className={link}>
          {backup.plan.name}
        </Link>
      ) : (
        `${backup.plan.slug} (deleted)`
      )}
    </>
  )
}

function Actions({ backup, operates }: { backup: BackupDetail; operates: boolean }) {
  const isOpen = backup.state === 'queued' || backup.state === 'running'
  return (
    <>
      {operates && isOpen && backup.cancelRequestedAt === null && <CancelBackup id={backup.id} />}
      {backup.restorable && backup.artifacts.some(({ kind }) => kind === 'index') && (
        <Button asChild>
          <Link href={`/backups/${backup.id}/files`}>
            <FolderOpen aria-hidden />
            Browse files
          </Link>
        </Button>
      )}
      {operates && backup.restorable && (
        <Button asChild variant="primary">
          <Link href={`/backups/${backup.id}/restore`}>
            <RotateCcw aria-hidden />
            Restore
          </Link>
        </Button>
      )}
    </>
  )
}
