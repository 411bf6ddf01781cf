import { CalendarClock, Plus } from 'lucide-react'
import Link from 'next/link'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { PlanListItem } from '@/core/plans/list-plans'

export function PlansCard({
  plans,
  hasSource,
  mayChange,
}: {
  plans: PlanListItem[]
  hasSource: boolean
  mayChange: boolean
}) {
  const add = mayChange && hasSource && (
    <Button asChild size="sm" variant={plans.length ? 'secondary' : 'primary'}>
      <Link href="/plans/new">
        <Plus aria-hidden />
        Make a plan
      </Link>
    </Button>
  )
  return (
    <Card title="Plans" actions={plans.length > 0 && add} flush>
      {plans.length === 0 ? (
        <EmptyState icon={<CalendarClock aria-hidden />} title="No plan yet" action={add}>
          {hasSource
            ? 'A plan says when to back up, what, where to, and for how long it is kept.'
            : 'A plan backs up sources, so add one first.'}
        </EmptyState>
      ) : (
        <Table caption="Plans">
          <TableHead>
            <TableHeader>Plan</TableHeader>
            <TableHeader>Latest backup</TableHeader>
            <TableHeader>Last good</TableHeader>
            <TableHeader>Next run</TableHeader>
          </TableHead>
          <TableBody>
            {plans.map((plan) => (
              <TableRow key={plan.id}>
                <TableCell>
                  <div className="min-w-0">
                    <Link href={`/plans/${plan.id}`} className="break-words rounded-sm font-medium hover:underline">
                      {plan.name}
                    </Link>
                    <div className="text-muted text-xs">
                      {plan.words}, {plan.timeZone}
                    </div>
                  </div>
                </TableCell>
                <TableCell label="Latest backup">
                  {plan.lastBackup ? (
                    <Link href={`/backups/${plan.lastBackup.id}`} className="rounded-full">
                      <StatusBadge state={plan.lastBackup.state} />
                    </Link>
                  ) : (
                    <span className="text-muted">none</span>
                  )}
                </TableCell>
                <TableCell label="Last good">
                  {plan.lastGoodAt ? <Time at={plan.lastGoodAt} /> : <span className="text-muted">never</span>}
                </TableCell>
                <TableCell label="Next run">
                  {plan.nextRunAt ? <Time at={plan.nextRunAt} /> : <Badge tone="warning">Paused</Badge>}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Card>
  )
}
