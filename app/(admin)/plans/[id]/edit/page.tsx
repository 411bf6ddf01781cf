import type { Metadata } from 'next'
import { updatePlanAction } from '@/app/(admin)/plans/actions'
import { PlanForm } from '@/app/(admin)/plans/plan-form'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { PageHeader } from '@/components/ui/page-header'
import { getPlan } from '@/core/plans/get-plan'
import { listChoices } from '@/core/plans/list-choices'

export const metadata: Metadata = { title: 'Edit plan' }

export default async function EditPlanPage({ params }: { params: Promise<{ id: string }> }) {
  await authorizePage('administer')
  const plan = await orNotFound(getPlan((await params).id))
  return (
    <>
      <PageHeader
        title={`Edit ${plan.settings.name}`}
        breadcrumbs={[
          { label: 'Plans', href: '/plans' },
          { label: plan.settings.name, href: `/plans/${plan.id}` },
        ]}
        description={`Of ${plan.instance.name}`}
      />
      <PlanForm
        action={updatePlanAction}
        planId={plan.id}
        version={plan.version}
        instanceId={plan.instance.id}
        values={plan.settings}
        choices={await listChoices()}
        timeZones={timeZones()}
      />
    </>
  )
}
