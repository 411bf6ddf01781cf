import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { Loaded } from '@/components/loading/loaded'
import { RunningNow } from '@/components/live/running-now'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { listOverview, type Overview } from '@/core/health/list-overview'
import { listOpenIncidents } from '@/core/incidents/list-incidents'
import { readLiveState } from '@/core/live/read-live-state'
import { InstanceCard } from './instance-card'
import { OverviewSkeleton } from './overview-skeleton'
import { SetupChecklist } from './setup-checklist'

export const metadata: Metadata = { title: 'Overview' }

const environments = [
  { name: 'production', title: 'Production' },
  { name: 'testing', title: 'Testing' },
  { name: 'development', title: 'Development' },
] as const

export default async function OverviewPage() {
  await authorizePage('view')
  return <Loaded skeleton={<OverviewSkeleton />}>{drawOverview()}</Loaded>
}

async function drawOverview() {
  const now = new Date()
  // the state first: what changes meanwhile then makes the page load again, and is not missed
  const live = await readLiveState()
  const { instances, steps, controlIsAlive } = await listOverview(now)
  const open = await listOpenIncidents()
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
        <RunningNow initial={live} />
        {!isSetUp && <SetupChecklist steps={steps} firstInstance={instances[0]?.slug} />}
        {environments.map(({ name, title }) => {
          const members = instances.filter(({ environment }) => environment === name)
          if (members.length === 0) return null
          return (
            <section key={name} aria-labelledby={name}>
              <h2 id={name} className="mb-2 font-semibold text-muted text-sm">
                {title}
              </h2>
              <ul className="space-y-3">
                {members.map((instance) => (
                  <InstanceCard
                    key={instance.slug}
                    instance={instance}
                    incidents={open.filter(({ instances: concerned }) =>
                      concerned.some(({ slug }) => slug === instance.slug),
                    )}
                    renderedAt={now.getTime()}
                  />
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    </>
  )
}

/** The whole truth in one sentence; the worst state wins. */
function sentenceOf(instances: Overview['instances']): string {
  const total = instances.length
  const count = (state: string) => instances.filter((instance) => instance.state === state).length
  const [unprotected, atRisk, paused] = [count('unprotected'), count('at risk'), count('paused')]
  if (total === 0) return 'Nothing is protected yet.'
  if (total === 1) return `The instance is ${instances[0]?.state}.`
  const faults = [
    unprotected > 0 && `${unprotected} unprotected`,
    atRisk > 0 && `${atRisk} at risk`,
    paused > 0 && `${paused} paused`,
  ].filter(Boolean)
  if (faults.length === 0) return `All ${total} instances are protected.`
  return `Of ${total} instances ${faults.join(', ')}; ${count('protected')} protected.`
}
