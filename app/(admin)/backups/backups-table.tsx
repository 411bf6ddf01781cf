import { Pin } from 'lucide-react'
import Link from 'next/link'
import { Bytes } from '@/components/bytes'
import { formatDuration } from '@/components/format-time'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { BackupListItem } from '@/core/backups/list-backups'
import { kindWords, presenceOf } from './words'

/** Backups as rows: when, of what, how it ended, how large, and whether the remote still has it. */
export function BackupsTable({ backups }: { backups: BackupListItem[] }) {
  return (
    <Table caption="Backups">
      <TableHead>
        <TableHeader>Started</TableHeader>
        <TableHeader>Instance</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Took</TableHeader>
        <TableHeader>Size</TableHeader>
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

function BackupRow({ backup }: { backup: BackupListItem }) {
  const { startedAt, finishedAt } = backup
  return (
    <TableRow>
      <TableCell>
        <Link href={`/backups/${backup.id}`} className="font-medium hover:underline">
          <Time at={startedAt ?? backup.requestedAt} plain />
        </Link>
        {backup.pinned && (
          <span className="ml-2 inline-flex items-center gap-1 text-muted text-xs">
            <Pin className="size-3.5" aria-hidden />
            pinned
          </span>
        )}
      </TableCell>
      <TableCell label="Instance">
        {backup.instance.name}
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
      <TableCell label="On the remote">{presenceOf(backup)}</TableCell>
    </TableRow>
  )
}
