import { CardSkeleton, PageSkeleton } from '@/components/loading/skeleton'
import type { PlanDetail } from '@/core/plans/get-plan'
import { LatestBackups } from './latest-backups'
import { OfInstance } from './of-instance'
import { PlanFacts } from './plan-facts'

/** What the plan says is known before its health is. */
export function PlanSkeleton({ plan }: { plan: PlanDetail }) {
  return (
    <PageSkeleton
      title={plan.settings.name}
      breadcrumbs={[{ label: 'Plans', href: '/plans' }]}
      description={<OfInstance plan={plan} />}
      hasActions
    >
      <div className="space-y-6">
        <div className="grid items-start gap-6 lg:grid-cols-[2fr_1fr]">
          <PlanFacts plan={plan} />
          <CardSkeleton title="Next runs" lines={10} />
        </div>
        <LatestBackups plan={plan} />
      </div>
    </PageSkeleton>
  )
}
