import Link from 'next/link'
import { formatDuration } from '@/components/format-time'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { RefreshDetail } from '@/core/refreshes/get-refresh'

/** Its newest restores; the last of all is the one that it repeats. */
export function RefreshRuns({ refresh: { runs } }: { refresh: RefreshDetail }) {
  return (
    <Card flush title="Latest runs">
      <Table caption="Latest restores of this refresh">
        <TableHead>
          <TableHeader>Asked for</TableHeader>
          <TableHeader>For</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Took</TableHeader>
        </TableHead>
        <TableBody>
          {runs.map(({ restoreId, state, plannedAt, requestedAt, finishedAt }) => (
            <TableRow key={restoreId}>
              <TableCell>
                <Link href={`/restores/${restoreId}`} className="font-medium hover:underline">
                  <Time at={requestedAt} plain />
                </Link>
              </TableCell>
              <TableCell label="For">{plannedAt ? <Time at={plannedAt} /> : 'the one that is repeated'}</TableCell>
              <TableCell label="State">
                <StatusBadge state={state} />
              </TableCell>
              <TableCell label="Took">
                {finishedAt ? formatDuration((finishedAt.getTime() - requestedAt.getTime()) / 1000) : '–'}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
