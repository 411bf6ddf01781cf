import Link from 'next/link'
import { RefreshBadge } from '@/app/(admin)/refreshes/refresh-badge'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { RefreshListItem } from '@/core/refreshes/get-refresh'

/** Instances whose data is exchanged for another’s on a schedule. */
export function RefreshesCard({ refreshes }: { refreshes: RefreshListItem[] }) {
  return (
    <Card title="Refreshes" description="Restores of another instance on a schedule." flush className="mt-6">
      <Table caption="Refreshes">
        <TableHead>
          <TableHeader>Instance</TableHeader>
          <TableHeader>Backups of</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Last</TableHeader>
          <TableHeader>Next</TableHeader>
        </TableHead>
        <TableBody>
          {refreshes.map(({ id, instance, plan, standing, last, nextAt }) => (
            <TableRow key={id}>
              <TableCell>
                <Link href={`/refreshes/${id}`} className="font-medium hover:underline">
                  {instance.name}
                </Link>
              </TableCell>
              <TableCell label="Backups of">
                {plan ? `${plan.instanceName}, ${plan.name}` : 'a plan that was deleted'}
              </TableCell>
              <TableCell label="State">
                <RefreshBadge standing={standing} />
              </TableCell>
              <TableCell label="Last">{last ? <StatusBadge state={last.state} /> : '–'}</TableCell>
              <TableCell label="Next">{nextAt ? <Time at={nextAt} /> : '–'}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
