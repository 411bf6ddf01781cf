import { HardDriveDownload } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { IndexFetch } from '@/app/(admin)/backups/[id]/files/index-fetch'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { getBackup } from '@/core/backups/get-backup'
import { getIndexProgress } from '@/core/contents/get-contents'
import { readDraft } from '@/core/restores/draft'
import { paceOf } from '@/core/restores/estimate-duration'
import { resolveDraft } from '@/core/restores/resolve-draft'
import { refusalOf } from '@/core/restores/restore-rules'
import { RestoreWizard } from './restore-wizard'
import { toQuery } from './to-query'

export const metadata: Metadata = { title: 'Restore' }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

/** What, where, check, confirm: all that is chosen stands in the address. */
export default async function RestorePage({ params, searchParams }: Props) {
  const actor = await authorizePage('operate')
  const { id } = await params
  const draft = readDraft(toQuery(await searchParams))
  const [backup, resolved] = await orNotFound(Promise.all([getBackup(id), resolveDraft(id, draft)]))
  const at = (backup.startedAt ?? backup.requestedAt).toISOString()
  const name = `${backup.plan.name}, ${at.slice(0, 16).replace('T', ' ')} UTC`
  const { target, remoteId } = resolved
  const refusal = noWay(backup.restorable, target !== null)
  const isOther = target !== null && target.instance.slug !== backup.instance.slug
  return (
    <>
      <PageHeader
        title="Restore"
        breadcrumbs={[
          { label: 'Backups', href: '/backups' },
          { label: name, href: `/backups/${backup.id}` },
        ]}
        description={`${name}, of ${backup.instance.name}. ${draft.inPlace ? 'In place: compared first, then exchanged, and the old kept beside.' : 'Beside what is there, and compared: nothing that exists is touched.'}`}
        actions={
          backup.restorable &&
          may(actor, 'administer') && (
            <Button asChild>
              <Link href={`/migrations/new?backup=${backup.id}`}>
                <HardDriveDownload aria-hidden />
                Onto a fresh host
              </Link>
            </Button>
          )
        }
      />
      {refusal || !target ? (
        <Card>
          <EmptyState title={refusal?.title ?? ''}>{refusal?.text}</EmptyState>
        </Card>
      ) : resolved.entries === null ? (
        <IndexFetch backupId={id} initial={await getIndexProgress(id)} restoreHref={`/backups/${id}/restore`} />
      ) : (
        <RestoreWizard
          backupId={id}
          draft={draft}
          resolved={{ ...resolved, entries: resolved.entries, target }}
          isOther={isOther}
          forbidden={
            refusalOf(actor, {
              ...{ environment: target.instance.environment, isOther, isInPlace: draft.inPlace },
            })?.toFacts() ?? null
          }
          pace={remoteId ? await paceOf(target.id, remoteId) : null}
          canBrowse={backup.artifacts.some(({ kind }) => kind === 'index')}
        />
      )}
    </>
  )
}

function noWay(restorable: boolean, hasWorker: boolean): { title: string; text: string } | null {
  if (!restorable)
    return {
      title: 'This backup cannot be restored',
      text: 'It is not complete, or no longer on a remote. Choose another one.',
    }
  if (!hasWorker)
    return { title: 'No active worker', text: 'A worker does the restore. Enrol one on an instance’s page.' }
  return null
}
