import { Pencil, Play } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { pausePlanAction, resumePlanAction, runPlanAction } from '@/app/(admin)/plans/actions'
import { RunList } from '@/app/(admin)/plans/run-list'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { Findings } from '@/components/findings'
import { ActionButton } from '@/components/form/action-button'
import { HealthBadge } from '@/components/health-badge'
import { Loaded } from '@/components/loading/loaded'
import { LivePage } from '@/components/live/live-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import type { Actor } from '@/core/audit/actor'
import { getInstanceHealth } from '@/core/health/list-overview'
import { readLiveState } from '@/core/live/read-live-state'
import { getPlanPing } from '@/core/pings/get-plan-ping'
import { getPlan, type PlanDetail } from '@/core/plans/get-plan'
import { AdoptedNotice } from './adopted-notice'
import { listWaitingRemovals } from '@/core/prunes/list-waiting-removals'
import { DeletePlan } from './delete-plan'
import { FaultNotice } from './fault-notice'
import { HeldNotice } from './held-notice'
import { LatestBackups } from './latest-backups'
import { PingCard } from './ping-card'
import { OfInstance } from './of-instance'
import { PlanFacts } from './plan-facts'
import { PlanSkeleton } from './plan-skeleton'
import { RunWithNote } from './run-with-note'
import { WaitingRemovals } from './waiting-removals'

export const metadata: Metadata = { title: 'Plan' }

export default async function PlanPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { version } = await readLiveState()
  const plan = await orNotFound(getPlan((await params).id))
  return <Loaded skeleton={<PlanSkeleton plan={plan} />}>{drawPlan(plan, actor, version)}</Loaded>
}

async function drawPlan(plan: PlanDetail, actor: Actor, version: string) {
  const health = (await getInstanceHealth(plan.instance.id))?.plans.get(plan.id)
  const administers = may(actor, 'administer')
  const [removals, ping] = await Promise.all([listWaitingRemovals(plan.id), getPlanPing(plan.id)])
  return (
    <>
      <PageHeader
        title={plan.settings.name}
        badge={health && <HealthBadge state={health.state} />}
        breadcrumbs={[{ label: 'Plans', href: '/plans' }]}
        description={<OfInstance plan={plan} />}
        actions={
          <>
            {administers && <Administration plan={plan} />}
            {may(actor, 'operate') && (
              <>
                <RunWithNote planId={plan.id} />
                <ActionButton action={runPlanAction} values={{ id: plan.id }} variant="primary">
                  <Play aria-hidden />
                  Run now
                </ActionButton>
              </>
            )}
          </>
        }
      />
      <LivePage version={version} />
      <div className="space-y-6">
        <AdoptedNotice plan={plan} mayTake={administers} />
        <FaultNotice faults={plan.faults} mayRepair={administers} />
        {health && health.findings.length > 0 && (
          <Card title="Health">
            <Findings findings={health.findings} />
          </Card>
        )}
        {plan.held && <HeldNotice planId={plan.id} held={plan.held} mayAccept={administers} />}
        <div className="grid items-start gap-6 lg:grid-cols-[2fr_1fr]">
          <PlanFacts plan={plan} />
          <Card title="Next runs" description={`${plan.words}, ${plan.settings.timeZone}`}>
            {plan.paused ? (
              <p className="text-muted text-sm">Paused: nothing is planned.</p>
            ) : (
              <div className="text-sm">
                <RunList runs={plan.nextRuns} timeZone={plan.settings.timeZone} />
              </div>
            )}
          </Card>
        </div>
        <WaitingRemovals planId={plan.id} held={plan.held !== null} removals={removals} mayAccept={administers} />
        <LatestBackups plan={plan} />
        {ping && <PingCard ping={ping} />}
        {administers && <DeletePlan plan={plan} />}
      </div>
    </>
  )
}

function Administration({ plan }: { plan: PlanDetail }) {
  return (
    <>
      <ActionButton action={plan.paused ? resumePlanAction : pausePlanAction} values={{ id: plan.id }}>
        {plan.paused ? 'Resume' : 'Pause'}
      </ActionButton>
      <Button asChild>
        <Link href={`/plans/${plan.id}/edit`}>
          <Pencil aria-hidden />
          Edit
        </Link>
      </Button>
    </>
  )
}
