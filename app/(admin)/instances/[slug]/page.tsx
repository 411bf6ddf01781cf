import { Pencil, Wrench } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { EnvironmentBadge } from '@/components/environment-badge'
import { Findings } from '@/components/findings'
import { HealthBadge } from '@/components/health-badge'
import { Loaded } from '@/components/loading/loaded'
import { LivePage } from '@/components/live/live-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import type { Actor } from '@/core/audit/actor'
import { listBackups } from '@/core/backups/list-backups'
import { getInstanceHealth } from '@/core/health/list-overview'
import { momentInWords } from '@/core/incidents/words'
import { getInstance, type InstanceFacts } from '@/core/instances/get-instance'
import { readLiveState } from '@/core/live/read-live-state'
import { listPlans } from '@/core/plans/list-plans'
import { getStatusLink } from '@/core/status-page/get-status-link'
import { hasRight } from '@/core/users/rights'
import { AboutCard } from './about-card'
import { BackupsCard } from './backups-card'
import { DiscoverCard } from './discover-card'
import { InstanceSkeleton } from './instance-skeleton'
import { PlansCard } from './plans-card'
import { SourcesCard } from './sources-card'
import { StatusCard } from './status-card'
import { WorkersCard } from './workers-card'

export async function generateMetadata({ params }: { params: Promise<{ slug: string }> }): Promise<Metadata> {
  return { title: (await params).slug }
}

export default async function InstancePage({ params }: { params: Promise<{ slug: string }> }) {
  const actor = await authorizePage('view')
  const { slug } = await params
  const instance = await orNotFound(getInstance(slug))
  return <Loaded skeleton={<InstanceSkeleton instance={instance} />}>{drawInstance(instance, actor)}</Loaded>
}

async function drawInstance(instance: InstanceFacts, actor: Actor) {
  const { slug } = instance
  const { version } = await readLiveState()
  const [health, plans, backups, statusLink] = await Promise.all([
    getInstanceHealth(instance.id),
    listPlans({ instanceId: instance.id }),
    listBackups({ instance: slug }),
    getStatusLink(instance.id),
  ])
  const mongodbSources = instance.sources.filter(({ kind, worker }) => kind === 'mongodb' && worker.state === 'active')
  const mayChange = hasRight(actor.role ?? 'viewer', 'administer')
  return (
    <>
      <PageHeader
        title={instance.name}
        breadcrumbs={[{ label: 'Instances', href: '/instances' }]}
        badge={
          <>
            {health && <HealthBadge state={health.state} />}
            <EnvironmentBadge environment={instance.environment} />
          </>
        }
        description={<span className="font-mono text-sm">{slug}</span>}
        actions={
          mayChange && (
            <>
              <Button asChild>
                <Link href={`/instances/${slug}/fix-ups`}>
                  <Wrench aria-hidden />
                  Fix-ups
                </Link>
              </Button>
              <Button asChild>
                <Link href={`/instances/${slug}/edit`}>
                  <Pencil aria-hidden />
                  Edit
                </Link>
              </Button>
            </>
          )
        }
      />
      <LivePage version={version} />
      <div className="space-y-6">
        {health && health.findings.length > 0 && (
          <Card title="Health">
            <Findings findings={health.findings} />
          </Card>
        )}
        <AboutCard instance={instance} />
        <WorkersCard instanceSlug={slug} workers={instance.workers} mayChange={mayChange} />
        <SourcesCard
          instanceSlug={slug}
          sources={instance.sources}
          hasWorker={instance.workers.length > 0}
          mayChange={mayChange}
        />
        {mongodbSources.length > 0 && hasRight(actor.role ?? 'viewer', 'operate') && (
          <DiscoverCard
            instanceSlug={slug}
            sourceSlugs={mongodbSources.map((source) => source.slug)}
            mayChange={mayChange}
          />
        )}
        <PlansCard plans={plans} hasSource={instance.sources.length > 0} mayChange={mayChange} />
        <BackupsCard instanceSlug={slug} backups={backups.items.slice(0, 8)} total={backups.total} />
        {mayChange && <StatusCard slug={slug} since={statusLink && momentInWords(statusLink.createdAt)} />}
      </div>
    </>
  )
}
