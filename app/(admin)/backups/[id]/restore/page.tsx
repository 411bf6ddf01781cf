import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { getBackup } from '@/core/backups/get-backup'
import { listRestoreTargets } from '@/core/restores/list-restore-targets'
import { RestoreForm } from './restore-form'

export const metadata: Metadata = { title: 'Restore beside' }

export default async function RestoreBesidePage({ params }: { params: Promise<{ id: string }> }) {
  await authorizePage('operate')
  const backup = await orNotFound(getBackup((await params).id))
  const targets = await listRestoreTargets(backup.instance.slug)
  const at = (backup.startedAt ?? backup.requestedAt).toISOString()
  const name = `${backup.plan.name}, ${at.slice(0, 16).replace('T', ' ')} UTC`
  const refusal = refusalOf(backup.restorable, targets.length)
  return (
    <>
      <PageHeader
        title="Restore beside"
        breadcrumbs={[
          { label: 'Backups', href: '/backups' },
          { label: name, href: `/backups/${backup.id}` },
        ]}
        description={`${name}, of ${backup.instance.name}. Into a scratch place, and compared there: nothing that exists is touched.`}
      />
      {refusal ? (
        <Card>
          <EmptyState title={refusal.title}>{refusal.text}</EmptyState>
        </Card>
      ) : (
        <RestoreForm
          backupId={backup.id}
          madeByWorker={backup.worker?.slug ?? null}
          artifacts={backup.artifacts.filter((artifact) => artifact.kind !== 'index')}
          targets={targets}
          remotes={backup.copies.filter(({ presence }) => presence === 'present').map(({ remote }) => remote)}
        />
      )}
    </>
  )
}

function refusalOf(restorable: boolean, workers: number): { title: string; text: string } | null {
  if (!restorable)
    return {
      title: 'This backup cannot be restored',
      text: 'It is not complete, or no longer on a remote. Choose another one.',
    }
  if (workers === 0)
    return { title: 'No active worker', text: 'A worker of this instance does the restore. Enrol one on its page.' }
  return null
}
