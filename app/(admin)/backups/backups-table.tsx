import { ArrowDown, ArrowUp, ChevronsUpDown, Pin } from 'lucide-react'
import Link from 'next/link'
import { Bytes } from '@/components/bytes'
import { EnvironmentBadge } from '@/components/environment-badge'
import { formatDuration } from '@/components/format-time'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { BackupListItem } from '@/core/backups/list-backups'
import { type BackupSort, firstDirections } from '@/core/backups/sort-rules'
import { type BackupSearch, backupsHref, orderOf } from './filter'
import { kindWords, presenceOf, verificationOf } from './words'

/** Backups as rows: when, of what, how it ended, how large, and whether the remote still has it. */
export function BackupsTable({ backups, search }: { backups: BackupListItem[]; search: BackupSearch }) {
  return (
    <Table caption="Backups">
      <TableHead>
        <SortHeader by="when" search={search}>
          When
        </SortHeader>
        <SortHeader by="instance" search={search}>
          Instance
        </SortHeader>
        <SortHeader by="state" search={search}>
          State
        </SortHeader>
        <SortHeader by="took" search={search}>
          Took
        </SortHeader>
        <SortHeader by="size" search={search}>
          Size
        </SortHeader>
        <TableHeader>On the remote</TableHeader>
      </TableHead>
      <TableBody>
        {backups.map((backup) => (
          <BackupRow key={backup.id} backup={backup} />
        ))}
      </TableBody>
    </Table>
  )
}

/** Sorts by its column; again, the other way round. */
function SortHeader({ by, search, children }: { by: BackupSort; search: BackupSearch; children: string }) {
  const order = orderOf(search)
  const isSorted = order.by === by
  const opposite = order.direction === 'ascending' ? 'descending' : 'ascending'
  const direction = isSorted ? opposite : firstDirections[by]
  const Icon = !isSorted ? ChevronsUpDown : order.direction === 'ascending' ? ArrowUp : ArrowDown
  return (
    <TableHeader aria-sort={isSorted ? order.direction : undefined}>
      <Link
        href={backupsHref({ ...search, sort: by, direction })}
        prefetch={false}
        scroll={false}
        className="-mx-1 -my-0.5 inline-flex min-h-6 items-center gap-1 rounded-sm px-1 hover:text-text hover:underline"
      >
        {children}
        <Icon className={isSorted ? 'size-3.5 text-text' : 'size-3.5 opacity-60'} aria-hidden />
      </Link>
    </TableHeader>
  )
}

/** A worker that was busy or away begins later than it was asked to. */
const longWaitSeconds = 600

function BackupRow({ backup }: { backup: BackupListItem }) {
  const { requestedAt, startedAt, finishedAt, instance } = backup
  const waitedSeconds = startedAt ? (startedAt.getTime() - requestedAt.getTime()) / 1000 : 0
  return (
    <TableRow>
      <TableCell>
        <Link href={`/backups/${backup.id}`} prefetch={false} className="font-medium hover:underline">
          <Time at={requestedAt} plain />
        </Link>
        {waitedSeconds > longWaitSeconds && (
          <div className="text-muted text-xs">began {formatDuration(waitedSeconds)} later</div>
        )}
        {backup.pinned && (
          <span className="ml-2 inline-flex items-center gap-1 text-muted text-xs">
            <Pin className="size-3.5" aria-hidden />
            pinned
          </span>
        )}
      </TableCell>
      <TableCell label="Instance">
        <span className="inline-flex flex-wrap items-center gap-x-2 max-md:justify-end">
          {instance.name}
          {instance.environment === 'production' && <EnvironmentBadge environment={instance.environment} />}
        </span>
        <div className="text-muted text-xs">
          {backup.planSlug}, {kindWords[backup.kind]}
        </div>
      </TableCell>
      <TableCell label="State">
        <StatusBadge state={backup.state} />
      </TableCell>
      <TableCell label="Took" className="whitespace-nowrap">
        {startedAt && finishedAt ? formatDuration((finishedAt.getTime() - startedAt.getTime()) / 1000) : '–'}
      </TableCell>
      <TableCell label="Size">{backup.bytes > 0 ? <Bytes value={backup.bytes} /> : '–'}</TableCell>
      <TableCell label="On the remote">
        {presenceOf(backup)}
        <div className="text-muted text-xs">{verificationOf(backup)}</div>
      </TableCell>
    </TableRow>
  )
}
