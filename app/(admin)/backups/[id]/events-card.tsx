import { actorOf, detailOf } from '@/app/(admin)/audit/words'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { AuditListItem } from '@/core/audit/list-audit-events'

/** Who did what to this backup, and restored from it. */
export function EventsCard({ events }: { events: Omit<AuditListItem, 'instance'>[] }) {
  return (
    <Card flush title="Who did what" description="Of this backup and its restores, from the audit log.">
      <Table caption="Audit events of this backup">
        <TableHead>
          <TableHeader>When</TableHeader>
          <TableHeader>Who</TableHeader>
          <TableHeader>What</TableHeader>
          <TableHeader>Details</TableHeader>
        </TableHead>
        <TableBody>
          {events.map((event) => (
            <TableRow key={event.id}>
              <TableCell label="When">
                <Time at={event.at} />
              </TableCell>
              <TableCell label="Who">{actorOf(event)}</TableCell>
              <TableCell label="What">
                <span className="whitespace-nowrap font-mono text-xs">{event.action}</span>
              </TableCell>
              <TableCell label="Details">
                <span className="line-clamp-3 break-words text-muted text-xs">{detailOf(event)}</span>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
