import { Archive } from 'lucide-react'
import Link from 'next/link'
import { Bytes } from '@/components/bytes'
import { formatDuration } from '@/components/format-time'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { PlanDetail } from '@/core/plans/get-plan'

/** The plan's latest runs. */
export function LatestBackups({ plan }: { plan: PlanDetail }) {
  const all = `/backups?instance=${plan.instance.slug}&plan=${plan.slug}`
  return (
    <Card
      flush
      title="Latest backups"
      actions={
        plan.backups.length > 0 && (
          <Button asChild size="sm">
            <Link href={all}>All backups</Link>
          </Button>
        )
      }
    >
      {plan.backups.length === 0 ? (
        <EmptyState icon={<Archive aria-hidden />} title="No backup yet">
          The first one is made at the next planned time, or when you run the plan now.
        </EmptyState>
      ) : (
        <Table caption="Latest backups of this plan">
          <TableHead>
            <TableHeader>Started</TableHeader>
            <TableHeader>State</TableHeader>
            <TableHeader>Took</TableHeader>
            <TableHeader>Size</TableHeader>
          </TableHead>
          <TableBody>
            {plan.backups.map((backup) => (
              <TableRow key={backup.id}>
                <TableCell>
                  <Link href={`/backups/${backup.id}`} className="font-medium hover:underline">
                    <Time at={backup.at} plain />
                  </Link>
                </TableCell>
                <TableCell label="State">
                  <StatusBadge state={backup.state} />
                </TableCell>
                <TableCell label="Took">
                  {backup.finishedAt ? formatDuration((backup.finishedAt.getTime() - backup.at.getTime()) / 1000) : '–'}
                </TableCell>
                <TableCell label="Size">{backup.bytes > 0 ? <Bytes value={backup.bytes} /> : '–'}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Card>
  )
}
