import { kindWords } from '@/app/(admin)/backups/words'
import { Bytes } from '@/components/bytes'
import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { BackupDetail } from '@/core/backups/get-backup'

/** When, by whom, how long, how large, where. */
export function BackupFacts({ backup }: { backup: BackupDetail }) {
  const { startedAt, finishedAt } = backup
  const workers = backup.workers.length > 0 ? backup.workers : backup.worker ? [backup.worker] : []
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Kind">
          {kindWords[backup.kind]}
          {backup.requestedBy && ` (${backup.requestedBy})`}
        </Fact>
        {backup.note && <Fact label="Note">{backup.note}</Fact>}
        {backup.plannedAt && (
          <Fact label="Planned for">
            <Time at={backup.plannedAt} />
          </Fact>
        )}
        <Fact label="Started">{startedAt ? <Time at={startedAt} /> : 'not yet'}</Fact>
        {startedAt && finishedAt && (
          <Fact label="Took">{formatDuration((finishedAt.getTime() - startedAt.getTime()) / 1000)}</Fact>
        )}
        {backup.bytes > 0 && (
          <Fact label="Size on the remote">
            <Bytes value={backup.bytes} /> <span className="text-muted">of </span>
            <Bytes value={backup.rawBytes} />
            <span className="text-muted"> before compression</span>
          </Fact>
        )}
        <Fact label={workers.length > 1 ? 'Workers' : 'Worker'}>
          {workers.map(({ slug, hostName }) => `${slug} on ${hostName}`).join(', ') || 'none'}
        </Fact>
        {backup.manifestSha256 && (
          <Fact label="SHA-256 of the manifest">
            <span className="break-all font-mono text-xs">{backup.manifestSha256}</span>
          </Fact>
        )}
      </FactList>
    </Card>
  )
}
