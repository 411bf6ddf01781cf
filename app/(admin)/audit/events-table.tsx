import { actorOf, detailOf } from '@/app/(admin)/audit/words'
import { Time } from '@/components/time'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { AuditListItem } from '@/core/audit/list-audit-events'

type ShownEvent = Omit<AuditListItem, 'instance'> & Partial<Pick<AuditListItem, 'instance'>>

/** Who did what, and when; `showsInstance` where events of several instances stand together. */
export function EventsTable({
  caption,
  events,
  showsInstance = false,
}: {
  caption: string
  events: ShownEvent[]
  showsInstance?: boolean
}) {
  return (
    <Table caption={caption}>
      <TableHead>
        <TableHeader>When</TableHeader>
        <TableHeader>Who</TableHeader>
        <TableHeader>What</TableHeader>
        {showsInstance && <TableHeader>Instance</TableHeader>}
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
            {showsInstance && (
              <TableCell label="Instance" className="whitespace-nowrap">
                {event.instance ?? <span className="text-muted">–</span>}
              </TableCell>
            )}
            <TableCell label="Details">
              <span className="line-clamp-3 break-words text-muted text-xs">{detailOf(event)}</span>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
