import { File, FileSymlink, Folder, Link2, type LucideIcon, Plug, RotateCcw } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Bytes } from '@/components/bytes'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/input'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { ContentEntry, Crumb } from '@/core/contents/list-contents'
import { restoreHref } from '@/core/restores/draft'
import { DownloadButton } from './download-button'
import { formatMode } from './format-mode'
import { filesHref } from './search'

type Entry = ContentEntry & { crumbs?: Crumb[] }

const icons: Record<ContentEntry['kind'], LucideIcon> = {
  folder: Folder,
  file: File,
  symlink: FileSymlink,
  hardlink: Link2,
  fifo: Plug,
  'character-device': Plug,
  'block-device': Plug,
}

/**
 * Entries as rows: what they are called and lead to, how large, when changed, whose. For operators each has a box of the form
 * around (see restore-selection.tsx).
 */
export function EntriesTable({
  backupId,
  entries,
  operates,
}: {
  backupId: string
  entries: Entry[]
  operates: boolean
}) {
  return (
    <Table caption="Files">
      <TableHead>
        <TableHeader>Name</TableHeader>
        <TableHeader className="text-right">Size</TableHeader>
        <TableHeader>Changed</TableHeader>
        <TableHeader>Mode</TableHeader>
        <TableHeader>Owner</TableHeader>
        {operates && (
          <TableHeader>
            <span className="sr-only">Download or restore</span>
          </TableHeader>
        )}
      </TableHead>
      <TableBody>
        {entries.map((entry) => (
          <EntryRow key={entry.id} backupId={backupId} entry={entry} operates={operates} />
        ))}
      </TableBody>
    </Table>
  )
}

function EntryRow({ backupId, entry, operates }: { backupId: string; entry: Entry; operates: boolean }) {
  const { own, kind } = entry
  const hasContent = kind === 'file' || kind === 'folder' || kind === 'hardlink'
  return (
    <TableRow>
      <TableCell className="max-w-xl">
        <Name backupId={backupId} entry={entry} operates={operates} />
      </TableCell>
      <TableCell label="Size" className="text-right">
        {hasContent ? <Bytes value={entry.bytes} /> : '–'}
        {entry.entries !== null && (
          <div className="whitespace-nowrap text-muted text-xs">
            {entry.entries.toLocaleString('en-GB')} {entry.entries === 1 ? 'entry' : 'entries'}
          </div>
        )}
      </TableCell>
      <TableCell label="Changed">{own ? <Time at={own.modifiedAt} /> : '–'}</TableCell>
      <TableCell label="Mode">
        {own ? (
          <span className="whitespace-nowrap font-mono text-xs" title={own.mode.toString(8).padStart(4, '0')}>
            {formatMode(kind, own.mode)}
          </span>
        ) : (
          '–'
        )}
      </TableCell>
      <TableCell label="Owner" className="whitespace-nowrap tabular-nums">
        {own ? (
          <span title={`user ${own.uid}, group ${own.gid}`}>
            {own.uid}:{own.gid}
          </span>
        ) : (
          '–'
        )}
      </TableCell>
      {operates && (
        <TableCell className="whitespace-nowrap text-right max-md:justify-end">
          {hasContent && <DownloadButton entryId={entry.id} label={entry.label} isFolder={kind === 'folder'} />}
          <Button asChild size="icon-sm" variant="ghost">
            <Link
              href={restoreHref(backupId, { entries: [entry.id] })}
              aria-label={`Restore ${entry.label}`}
              title={`Restore ${entry.label}`}
            >
              <RotateCcw aria-hidden />
            </Link>
          </Button>
        </TableCell>
      )}
    </TableRow>
  )
}

function Name({ backupId, entry, operates }: { backupId: string; entry: Entry; operates: boolean }) {
  const Icon = icons[entry.kind]
  const parent = entry.crumbs?.at(-1)
  return (
    <div className="flex min-w-0 items-start gap-2.5">
      {operates && <Checkbox name="entry" value={entry.id} aria-label={`Choose ${entry.label}`} />}
      <Icon
        className={`mt-0.5 size-4 shrink-0 ${entry.kind === 'folder' ? 'text-accent' : 'text-muted'}`}
        aria-hidden
      />
      <div className="min-w-0">
        {entry.kind === 'folder' ? (
          <Link href={filesHref(backupId, { folder: entry.id })} className="break-all font-medium hover:underline">
            {entry.label}
          </Link>
        ) : (
          <span className="break-all font-medium">{entry.label}</span>
        )}
        <Remark>{remarkOf(entry)}</Remark>
        {parent && entry.crumbs && (
          <Remark>
            in{' '}
            <Link href={filesHref(backupId, { folder: parent.id })} className="underline underline-offset-2">
              {entry.crumbs
                .slice(1)
                .map(({ label }) => label)
                .join('/') || parent.label}
            </Link>
          </Remark>
        )}
      </div>
    </div>
  )
}

function Remark({ children }: { children: ReactNode }) {
  return children ? <div className="break-all text-muted text-xs">{children}</div> : null
}

/** What an entry is that has no content of its own, and how to get at it. */
function remarkOf({ kind, link }: ContentEntry): string | null {
  if (kind === 'symlink') return `→ ${link?.label ?? ''}`
  if (kind === 'hardlink') return `another name of ${link?.label ?? 'a file'}`
  if (kind === 'fifo') return 'a named pipe: it has no content, and comes back with a restore'
  if (kind === 'character-device' || kind === 'block-device')
    return 'a device node: it has no content, and comes back with a restore'
  return null
}
