import Link from 'next/link'
import { Bytes } from '@/components/bytes'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { BackupListItem } from '@/core/backups/list-backups'

/** The newest backups of an instance; nothing at all before the first. */
export function BackupsCard({
  instanceSlug,
  backups,
  total,
}: {
  instanceSlug: string
  backups: BackupListItem[]
  total: number
}) {
  if (total === 0) return null
  return (
    <Card
      title="Recent backups"
      actions={
        <Button asChild size="sm">
          <Link href={`/backups?instance=${instanceSlug}`}>{total === 1 ? 'In the list' : `All ${total} backups`}</Link>
        </Button>
      }
      flush
    >
      <Table caption="Recent backups">
        <TableHead>
          <TableHeader>Backup</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Kind</TableHeader>
          <TableHeader className="text-right">Size</TableHeader>
        </TableHead>
        <TableBody>
          {backups.map((backup) => (
            <TableRow key={backup.id}>
              <TableCell>
                <div className="min-w-0">
                  <Link
                    href={`/backups/${backup.id}`}
                    className="inline-block rounded-sm py-1 font-medium hover:underline"
                  >
                    {backup.planSlug}
                  </Link>
                  <div className="text-muted text-xs">
                    <Time at={backup.startedAt ?? backup.requestedAt} />
                  </div>
                </div>
              </TableCell>
              <TableCell label="State">
                <StatusBadge state={backup.state} />
              </TableCell>
              <TableCell label="Kind" className="capitalize">
                {backup.kind}
              </TableCell>
              <TableCell label="Size" className="text-right">
                {backup.bytes > 0 ? <Bytes value={backup.bytes} /> : <span className="text-muted">–</span>}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
