import { FolderOpen, RotateCcw } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { getBackup } from '@/core/backups/get-backup'
import { getIndexProgress, withIndex } from '@/core/contents/get-contents'
import { listFolder, searchContents } from '@/core/contents/list-contents'
import { DownloadDesk } from './download-desk'
import { FolderView } from './folder-view'
import { IndexFetch } from './index-fetch'
import { filesSearchSchema } from './search'
import { SearchBar } from './search-bar'
import { SearchView } from './search-view'

export const metadata: Metadata = { title: 'Files of a backup' }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, unknown>> }

/** The files of a backup, out of its index: nothing of them is fetched until somebody asks for it. */
export default async function FilesPage({ params, searchParams }: Props) {
  const actor = await authorizePage('view')
  const { id } = await params
  const search = filesSearchSchema.parse(await searchParams)
  const backup = await orNotFound(getBackup(id))
  const operates = may(actor, 'operate')
  const startedAt = (backup.startedAt ?? backup.requestedAt).toISOString().slice(0, 16).replace('T', ' ')
  const view = await withIndex(id, (reader) =>
    search.q === ''
      ? { folder: listFolder(reader, search.folder, search.page) ?? listFolder(reader, 0, 1), hits: null }
      : { folder: null, hits: searchContents(reader, search.q, search.after) },
  )
  return (
    <>
      <PageHeader
        title="Files"
        breadcrumbs={[
          { label: 'Backups', href: '/backups' },
          { label: `${backup.plan.name}, ${startedAt} UTC`, href: `/backups/${id}` },
        ]}
        description={`As they were in this backup of ${backup.instance.name}. Only what you download is fetched from the remote.`}
        actions={
          operates &&
          backup.restorable && (
            <Button asChild>
              <Link href={`/backups/${id}/restore`}>
                <RotateCcw aria-hidden />
                Restore
              </Link>
            </Button>
          )
        }
      />
      {!backup.restorable ? (
        <Card>
          <EmptyState icon={<FolderOpen aria-hidden />} title="There is nothing to look into">
            This backup is not complete, or no longer on a remote.
          </EmptyState>
        </Card>
      ) : view ? (
        <DownloadDesk backupId={id}>
          <SearchBar backupId={id} text={search.q} />
          {view.hits && <SearchView backupId={id} text={search.q} hits={view.hits} operates={operates} />}
          {view.folder && <FolderView backupId={id} folder={view.folder} operates={operates} />}
        </DownloadDesk>
      ) : (
        <IndexFetch
          backupId={id}
          initial={await getIndexProgress(id)}
          restoreHref={operates ? `/backups/${id}/restore` : null}
        />
      )}
    </>
  )
}
