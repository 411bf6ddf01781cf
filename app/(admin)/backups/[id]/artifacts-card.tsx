import { ChevronRight } from 'lucide-react'
import { Bytes } from '@/components/bytes'
import { Card } from '@/components/ui/card'
import type { BackupArtifact } from '@/core/backups/get-backup'
import { PartsTable } from './parts-table'

/** The streams of the backup; their parts fold out. */
export function ArtifactsCard({ id, artifacts }: { id: string; artifacts: BackupArtifact[] }) {
  return (
    <Card flush title="Artifacts">
      <ul className="divide-y divide-border">
        {artifacts.map((artifact) => (
          <li key={artifact.name}>
            <details className="group">
              <summary className="grid list-none grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-5 py-3 text-sm hover:bg-surface-muted/60 sm:grid-cols-[auto_minmax(0,1fr)_auto_5rem] [&::-webkit-details-marker]:hidden">
                <ChevronRight
                  className="size-4 text-muted transition-transform group-open:rotate-90 print:hidden"
                  aria-hidden
                />
                <span className="break-all font-medium font-mono text-xs">{artifact.name}</span>
                <span className="text-muted max-sm:order-last max-sm:col-span-2 max-sm:col-start-2 max-sm:text-xs">
                  {amountOf(artifact)}
                </span>
                <span className="text-right tabular-nums">
                  <Bytes value={artifact.bytes} />
                </span>
              </summary>
              <PartsTable key={artifact.partCount} backupId={id} artifact={artifact} />
            </details>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function amountOf({ entries, documents, partCount }: BackupArtifact): string {
  const amounts = [
    entries !== null && `${entries.toLocaleString('en-GB')} ${entries === 1 ? 'entry' : 'entries'}`,
    documents !== null && `${documents.toLocaleString('en-GB')} ${documents === 1 ? 'document' : 'documents'}`,
    partCount === 1 ? '1 part' : `${partCount.toLocaleString('en-GB')} parts`,
  ]
  return amounts.filter(Boolean).join(', ')
}
