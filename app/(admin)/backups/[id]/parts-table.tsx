'use client'

import { Bytes } from '@/components/bytes'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { BackupArtifact } from '@/core/backups/get-backup'
import type { BackupPart } from '@/core/backups/get-backup-parts'
import { MoreButton } from './more-button'
import { useMore } from './use-more'

/** The parts of one artifact with sizes and hashes: the first, and more on demand. */
export function PartsTable({ backupId, artifact }: { backupId: string; artifact: BackupArtifact }) {
  const { items, ...more } = useMore<BackupPart>(artifact.parts, artifact.partCount, (last) => {
    const query = new URLSearchParams({ artifact: artifact.name, after: String(last?.number ?? -1) })
    return `/api/backups/${backupId}/parts?${query}`
  })
  return (
    <div className="border-border border-t bg-surface-muted/40">
      <Table caption={`Parts of ${artifact.name}`}>
        <TableHead>
          <TableHeader>Part</TableHeader>
          <TableHeader>Size</TableHeader>
          <TableHeader>Raw</TableHeader>
          <TableHeader>Checked by</TableHeader>
          <TableHeader>SHA-256</TableHeader>
        </TableHead>
        <TableBody>
          {items.map((part) => (
            <TableRow key={part.number}>
              <TableCell label="Part" className="font-mono text-xs">
                {String(part.number).padStart(5, '0')}
              </TableCell>
              <TableCell label="Size">
                <Bytes value={part.bytes} />
              </TableCell>
              <TableCell label="Raw">
                <Bytes value={part.rawBytes} />
              </TableCell>
              <TableCell label="Checked by" className="whitespace-nowrap">
                {part.checked}
              </TableCell>
              <TableCell label="SHA-256">
                <span className="break-all font-mono text-xs">{part.sha256}</span>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <MoreButton {...more} />
    </div>
  )
}
