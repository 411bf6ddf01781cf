import { ChevronRight, FolderOpen } from 'lucide-react'
import Link from 'next/link'
import { Bytes } from '@/components/bytes'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Pagination } from '@/components/ui/pagination'
import type { Crumb, FolderPage } from '@/core/contents/list-contents'
import { EntriesTable } from './entries-table'
import { RestoreSelection } from './restore-selection'
import { filesHref } from './search'

/** What lies in one folder, with the way that leads to it. */
export function FolderView({
  backupId,
  folder,
  operates,
}: {
  backupId: string
  folder: FolderPage
  operates: boolean
}) {
  const bytes = folder.entries.reduce((sum, entry) => sum + entry.bytes, 0)
  return (
    <>
      <Way backupId={backupId} crumbs={folder.crumbs} />
      <RestoreSelection key={`${folder.id} ${folder.page}`} backupId={backupId}>
        <Card flush>
          {folder.total === 0 ? (
            <EmptyState icon={<FolderOpen aria-hidden />} title="This folder is empty" />
          ) : (
            <EntriesTable backupId={backupId} entries={folder.entries} operates={operates} />
          )}
        </Card>
      </RestoreSelection>
      {folder.total > 0 && (
        <p className="mt-3 text-muted text-sm">
          {folder.total.toLocaleString('en-GB')} {folder.total === 1 ? 'entry' : 'entries'}
          {folder.pages === 1 && (
            <>
              , <Bytes value={bytes} />
            </>
          )}
        </p>
      )}
      <Pagination
        page={folder.page}
        pages={folder.pages}
        path={`/backups/${backupId}/files`}
        query={{ folder: String(folder.id) }}
        previous="Previous"
        next="Next"
      />
    </>
  )
}

function Way({ backupId, crumbs }: { backupId: string; crumbs: Crumb[] }) {
  if (crumbs.length === 0) return null
  return (
    <nav aria-label="Folders" className="mb-3">
      <ol className="flex flex-wrap items-center gap-1 text-sm">
        {crumbs.map((crumb, index) => (
          <li key={crumb.id} className="flex min-w-0 items-center gap-1">
            {index > 0 && <ChevronRight className="size-3.5 shrink-0 text-muted" aria-hidden />}
            {index === crumbs.length - 1 ? (
              <span aria-current="location" className="break-all font-medium">
                {crumb.label}
              </span>
            ) : (
              <Link
                href={filesHref(backupId, { folder: crumb.id })}
                className="break-all rounded-sm text-muted hover:text-text hover:underline"
              >
                {crumb.label}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
