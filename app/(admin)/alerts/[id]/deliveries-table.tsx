import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { DeliveryListItem } from '@/core/deliveries/list-deliveries'

export function DeliveriesTable({ deliveries }: { deliveries: DeliveryListItem[] }) {
  return (
    <Table caption="Messages">
      <TableHead>
        <TableHeader>When</TableHeader>
        <TableHeader>Subject</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Attempts</TableHeader>
        <TableHeader>Answer</TableHeader>
      </TableHead>
      <TableBody>
        {deliveries.map((delivery) => (
          <TableRow key={delivery.id}>
            <TableCell label="When">
              <Time at={delivery.sentAt ?? delivery.createdAt} />
            </TableCell>
            <TableCell label="Subject">
              <span className="line-clamp-2 break-words">{delivery.subject}</span>
            </TableCell>
            <TableCell label="State">
              <DeliveryState delivery={delivery} />
            </TableCell>
            <TableCell label="Attempts" className="tabular-nums">
              {delivery.attempts}
            </TableCell>
            <TableCell label="Answer">
              <span className="line-clamp-3 break-words text-muted text-xs">{delivery.answer ?? '–'}</span>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function DeliveryState({ delivery: { state, attempts, notBefore, nextAttemptAt } }: { delivery: DeliveryListItem }) {
  if (state === 'sent') return <Badge tone="good">sent</Badge>
  if (state === 'failed') return <Badge tone="bad">given up</Badge>
  const at = nextAttemptAt ?? notBefore
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Badge tone={attempts > 0 ? 'warning' : 'idle'}>{attempts > 0 ? 'tried' : 'waits'}</Badge>
      <span className="text-muted text-xs">
        next <Time at={at} />
      </span>
    </span>
  )
}
