import { CalendarClock, CalendarDays, CirclePause, Plus, ShieldAlert, TriangleAlert } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { Loaded } from '@/components/loading/loaded'
import { LivePage } from '@/components/live/live-page'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { Actor } from '@/core/audit/actor'
import { readLiveState } from '@/core/live/read-live-state'
import { listPlans, type PlanListItem } from '@/core/plans/list-plans'
import { PlansSkeleton, plansDescription } from './plans-skeleton'

export const metadata: Metadata = { title: 'Plans' }

export default async function PlansPage() {
  const actor = await authorizePage('view')
  return <Loaded skeleton={<PlansSkeleton />}>{drawPlans(actor)}</Loaded>
}

async function drawPlans(actor: Actor) {
  const { version } = await readLiveState()
  const plans = await listPlans()
  const add = may(actor, 'administer') && (
    <Button asChild variant="primary">
      <Link href="/plans/new">
        <Plus aria-hidden />
        Make plan
      </Link>
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Plans"
        description={plansDescription}
        actions={
          plans.length > 0 && (
            <>
              <Button asChild>
                <Link href="/plans/calendar">
                  <CalendarDays aria-hidden />
                  Calendar
                </Link>
              </Button>
              {add}
            </>
          )
        }
      />
      <LivePage version={version} />
      <Card flush>
        {plans.length === 0 ? (
          <EmptyState icon={<CalendarClock aria-hidden />} title="No plan yet" action={add}>
            A plan backs up sources of one instance onto a remote, at the times you choose. It needs an instance with
            sources, and a remote.
          </EmptyState>
        ) : (
          <PlansTable plans={plans} />
        )}
      </Card>
    </>
  )
}

function PlansTable({ plans }: { plans: PlanListItem[] }) {
  return (
    <Table caption="Plans">
      <TableHead>
        <TableHeader>Plan</TableHeader>
        <TableHeader>Instance</TableHeader>
        <TableHeader>Schedule</TableHeader>
        <TableHeader>Next</TableHeader>
        <TableHeader>Last good</TableHeader>
        <TableHeader>Last run</TableHeader>
      </TableHead>
      <TableBody>
        {plans.map((plan) => (
          <PlanRow key={plan.id} plan={plan} />
        ))}
      </TableBody>
    </Table>
  )
}

function PlanRow({ plan }: { plan: PlanListItem }) {
  return (
    <TableRow>
      <TableCell>
        <div className="flex flex-wrap items-center gap-2">
          <Link href={`/plans/${plan.id}`} className="font-medium hover:underline">
            {plan.name}
          </Link>
          {plan.paused && (
            <Badge tone="idle">
              <CirclePause aria-hidden />
              Paused
            </Badge>
          )}
          {plan.faults.length > 0 && (
            <Badge tone="bad" title={plan.faults.map(({ text }) => text).join(' ')}>
              <TriangleAlert aria-hidden />
              Cannot run
            </Badge>
          )}
          {plan.held && (
            <Badge tone="warning">
              <ShieldAlert aria-hidden />
              Held
            </Badge>
          )}
        </div>
        {plan.faults.map(({ text, action, href }) => (
          <p key={text} className="max-w-md text-xs">
            {text}{' '}
            <Link href={href} className="text-accent underline underline-offset-4">
              {action}
            </Link>
          </p>
        ))}
        <div className="text-muted text-xs max-md:hidden">
          to {plan.remotes.join(', ') || 'no remote'}, keeps {plan.keeps || 'everything'}
        </div>
      </TableCell>
      <TableCell label="Instance">
        <Link href={`/instances/${plan.instance.slug}`} className="underline-offset-4 hover:underline">
          {plan.instance.name}
        </Link>
      </TableCell>
      <TableCell label="Schedule">
        <div>{plan.words}</div>
        <div className="text-muted text-xs">{plan.timeZone}</div>
      </TableCell>
      <TableCell label="Next">{plan.nextRunAt ? <Time at={plan.nextRunAt} /> : '–'}</TableCell>
      <TableCell label="Last good">
        {plan.lastGoodAt ? <Time at={plan.lastGoodAt} /> : <span className="text-warning">none yet</span>}
      </TableCell>
      <TableCell label="Last run">
        {plan.lastBackup ? (
          <Link href={`/backups/${plan.lastBackup.id}`} className="inline-block rounded-full">
            <StatusBadge state={plan.lastBackup.state} />
          </Link>
        ) : (
          '–'
        )}
      </TableCell>
    </TableRow>
  )
}
