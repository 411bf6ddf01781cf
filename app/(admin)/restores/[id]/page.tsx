import { CalendarSync, ReceiptText } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { cancelRestoreAction } from '@/app/(admin)/restores/actions'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { ConfirmButton } from '@/components/form/confirm-button'
import { LivePage } from '@/components/live/live-page'
import { LiveView } from '@/components/run/live-view'
import { PreviewTables } from '@/components/run/preview-tables'
import { StatusBadge } from '@/components/status-badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { readLiveState } from '@/core/live/read-live-state'
import { hasReceipt } from '@/core/restores/get-receipt'
import { getRestore, type RestoreDetail } from '@/core/restores/get-restore'
import { getRestoreLive } from '@/core/restores/get-restore-live'
import { olderPathOf } from '@/core/restores/older-file'
import { phasesOf } from '@/core/restores/phases-of'
import { refusalOf } from '@/core/restores/restore-rules'
import { ComparisonCard } from './comparison-card'
import { ExchangeCard } from './exchange-card'
import { FixUpsCard } from './fix-ups-card'
import { HeldInstance } from './held-instance'
import { ReconciliationCard } from './reconciliation-card'
import { RestoreFacts } from './restore-facts'
import { ScratchPlace } from './scratch-place'

export const metadata: Metadata = { title: 'Restore' }

export default async function RestorePage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { id } = await params
  const { version } = await readLiveState()
  const [restore, live] = await orNotFound(Promise.all([getRestore(id), getRestoreLive(id)]))
  const operates = may(actor, 'operate')
  const isInPlace = restore.tasks.some(({ inPlace }) => inPlace !== null)
  const isOpen = restore.state === 'queued' || restore.state === 'running'
  return (
    <>
      <PageHeader
        title={`Restore of ${restore.requestedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`}
        badge={<StatusBadge state={restore.state} />}
        breadcrumbs={[{ label: 'Restores', href: '/restores' }]}
        description={<Origin restore={restore} />}
        actions={
          <>
            {restore.refreshId && (
              <Button asChild>
                <Link href={`/refreshes/${restore.refreshId}`}>
                  <CalendarSync aria-hidden />
                  Its refresh
                </Link>
              </Button>
            )}
            {may(actor, 'administer') && looksRepeatable(restore) && (
              <Button asChild>
                <Link href={`/refreshes/new?restore=${id}`}>
                  <CalendarSync aria-hidden />
                  Repeat on a schedule
                </Link>
              </Button>
            )}
            {hasReceipt(restore) && (
              <Button asChild>
                <Link href={`/restores/${id}/receipt`}>
                  <ReceiptText aria-hidden />
                  Receipt
                </Link>
              </Button>
            )}
            {operates && isOpen && restore.cancelRequestedAt === null && (
              <ConfirmButton
                action={cancelRestoreAction}
                values={{ id }}
                title="Cancel this restore?"
                question={
                  isInPlace
                    ? 'Before the exchange nothing was changed, and nothing is left of it. In the middle of the exchange it cannot be cancelled; it can be undone afterwards.'
                    : 'What it has put into the scratch place so far stays there until you discard it. Nothing else is touched.'
                }
                confirmLabel="Cancel restore"
              >
                Cancel restore
              </ConfirmButton>
            )}
          </>
        }
      />
      {!isOpen && <LivePage version={version} />}
      <div className="space-y-6">
        {isLost(restore) && restore.holdsInstance && (
          <HeldInstance restore={restore} mayFree={operates && refusalOf(actor, inPlaceOf(restore)) === null} />
        )}
        {restore.tasks.map((task) => (
          <FixUpsCard key={task.id} planned={restore.fixUps} results={task.fixUps} />
        ))}
        {restore.tasks.map(
          (task) =>
            task.reconciliation && (
              <ReconciliationCard key={task.id} restoreId={id} reconciliation={task.reconciliation} />
            ),
        )}
        {restore.tasks.map((task) => task.comparison && <ComparisonCard key={task.id} comparison={task.comparison} />)}
        <LiveView
          id={id}
          logHref={`/api/restores/${id}/log`}
          initial={live}
          order={phasesOf({ isInPlace, olderFile: restore.olderFile })}
          noun="restore"
          renderedAt={Date.now()}
        >
          {restore.tasks.map((task) =>
            task.inPlace ? (
              <ExchangeCard
                key={task.id}
                restore={restore}
                task={task}
                inPlace={task.inPlace}
                mayEnd={operates && !isOpen && refusalOf(actor, inPlaceOf(restore)) === null}
              />
            ) : (
              <ScratchPlace key={task.id} restoreId={id} task={task} mayDiscard={operates && !isOpen} />
            ),
          )}
          {restore.check?.preview && (
            <Card title="What was to change" description="As it was counted before the restore was confirmed.">
              <PreviewTables preview={restore.check.preview} />
            </Card>
          )}
          <RestoreFacts restore={restore} />
        </LiveView>
      </div>
    </>
  )
}

const inPlaceOf = ({ instance: { environment } }: RestoreDetail) => ({ environment, isOther: false, isInPlace: true })

/** Itself, its undo or its drop. */
function isLost({ state, tasks }: RestoreDetail): boolean {
  return state === 'lost' || tasks.some(({ discard }) => discard?.state === 'lost')
}

/** Of another instance in place, and it went well; what else is needed is said where it is repeated. */
function looksRepeatable({ state, tasks, backup, instance, refreshId }: RestoreDetail): boolean {
  const wentWell = state === 'succeeded' || state === 'warning'
  const isOther = backup !== null && backup.instance.slug !== instance.slug
  const isRefreshable = instance.environment !== 'production' && refreshId === null
  return wentWell && isOther && isRefreshable && tasks.some(({ inPlace }) => inPlace !== null)
}

function Origin({ restore }: { restore: RestoreDetail }) {
  const link = 'underline underline-offset-4'
  const { backup, olderFile } = restore
  return (
    <>
      Of{' '}
      {backup && (
        <Link href={`/backups/${backup.id}`} className={link}>
          {backup.planSlug}, {(backup.startedAt ?? backup.requestedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC
        </Link>
      )}
      {olderFile && <span className="break-all font-mono text-xs">{olderPathOf(olderFile)}</span>}, instance{' '}
      <Link href={`/instances/${restore.instance.slug}`} className={link}>
        {restore.instance.name}
      </Link>
    </>
  )
}
