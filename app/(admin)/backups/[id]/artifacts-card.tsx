import { ChevronRight } from 'lucide-react'
import { Bytes } from '@/components/bytes'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { BackupArtifact } from '@/core/backups/get-backup'

/** The streams of the backup; their parts fold out. */
export function ArtifactsCard({ artifacts }: { artifacts: BackupArtifact[] }) {
  return (
    <Card flush title="Artifacts">
      <ul className="divide-y divide-border">
        {artifacts.map((artifact) => (
          <li key={artifact.name}>
            <details className="group">
              <summary className="grid list-none grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-5 py-3 text-sm hover:bg-surface-muted/60 sm:grid-cols-[auto_minmax(0,1fr)_auto_5rem] [&::-webkit-details-marker]:hidden">
                <ChevronRight className="size-4 text-muted transition-transform group-open:rotate-90" aria-hidden />
                <span className="break-all font-medium font-mono text-xs">{artifact.name}</span>
                <span className="text-muted max-sm:order-last max-sm:col-span-2 max-sm:col-start-2 max-sm:text-xs">
                  {amountOf(artifact)}
                </span>
                <span className="text-right tabular-nums">
                  <Bytes value={artifact.bytes} />
                </span>
              </summary>
              <Parts artifact={artifact} />
            </details>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function amountOf({ entries, documents, parts }: BackupArtifact): string {
  const amounts = [
    entries !== null && `${entries.toLocaleString('en-GB')} ${entries === 1 ? 'entry' : 'entries'}`,
    documents !== null && `${documents.toLocaleString('en-GB')} ${documents === 1 ? 'document' : 'documents'}`,
    parts.length === 1 ? '1 part' : `${parts.length} parts`,
  ]
  return amounts.filter(Boolean).join(', ')
}

function Parts({ artifact }: { artifact: BackupArtifact }) {
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
          {artifact.parts.map((part) => (
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
    </div>
  )
}
