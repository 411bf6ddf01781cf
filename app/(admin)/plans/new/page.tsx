import type { Metadata } from 'next'
import Link from 'next/link'
import { createPlanAction } from '@/app/(admin)/plans/actions'
import { PlanForm } from '@/app/(admin)/plans/plan-form'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import { authorizePage } from '@/app/authorize-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { listChoices } from '@/core/plans/list-choices'
import { planDefaults } from '@/core/plans/schema'

export const metadata: Metadata = { title: 'Make plan' }

/** `?instance=<slug>` chooses the instance to begin with. */
export default async function NewPlanPage({ searchParams }: { searchParams: Promise<{ instance?: string }> }) {
  await authorizePage('administer')
  const choices = await listChoices()
  const { instance: slug } = await searchParams
  const instance = choices.instances.find((candidate) => candidate.slug === slug) ?? choices.instances[0]
  const isReady = instance !== undefined && choices.remotes.length > 0
  return (
    <>
      <PageHeader title="Make plan" breadcrumbs={[{ label: 'Plans', href: '/plans' }]} />
      {isReady ? (
        <PlanForm
          action={createPlanAction}
          instanceId={instance.id}
          values={{ ...planDefaults, timeZone: instance.timeZone ?? planDefaults.timeZone }}
          choices={choices}
          timeZones={timeZones()}
        />
      ) : (
        <Missing instance={instance !== undefined} />
      )}
    </>
  )
}

function Missing({ instance }: { instance: boolean }) {
  return (
    <Card>
      <EmptyState
        title={instance ? 'First add a remote' : 'First add an instance'}
        action={
          <Button asChild variant="primary">
            <Link href={instance ? '/remotes/new' : '/instances/new'}>{instance ? 'Add remote' : 'Add instance'}</Link>
          </Button>
        }
      >
        {instance ? 'A plan needs a place to write its backups to.' : 'A plan backs up the sources of an instance.'}
      </EmptyState>
    </Card>
  )
}
