import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { listOverview, type Overview } from '@/core/instances/list-overview'
import { InstanceLine } from './instance-line'
import { SetupChecklist } from './setup-checklist'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage() {
  await authorizePage('view')
  const { instances, steps, controlIsAlive } = await listOverview()
  const isSetUp = Object.values(steps).every(Boolean)
  return (
    <>
      <PageHeader title="Overview" description={sentenceOf(instances)} />
      <div className="space-y-6">
        {!controlIsAlive && (
          <Notice tone="bad" title="The control process does not run." role="alert">
            <p className="text-text">No backup is planned and no alarm raised while it is away.</p>
            <p className="text-muted">Start it on the server, and look at its log if it ended by itself.</p>
          </Notice>
        )}
        {!isSetUp && <SetupChecklist steps={steps} firstInstance={instances[0]?.slug} />}
        {instances.length > 0 && (
          <ul className="space-y-3">
            {instances.map((instance) => (
              <InstanceLine key={instance.slug} instance={instance} />
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

/** The whole truth in one sentence; the worst state wins. */
function sentenceOf(instances: Overview['instances']): string {
  const total = instances.length
  const count = (level: string) => instances.filter((instance) => instance.level === level).length
  const bad = count('bad')
  const warning = count('warning')
  if (total === 0) return 'Nothing is protected yet.'
  if (total === 1) return `The instance ${bad ? 'is at risk' : warning ? 'needs a look' : 'is protected'}.`
  if (bad > 0) return `${bad} of ${total} instances ${bad === 1 ? 'is' : 'are'} at risk.`
  if (warning > 0) return `${warning} of ${total} instances ${warning === 1 ? 'needs' : 'need'} a look.`
  return `All ${total} instances are protected.`
}
