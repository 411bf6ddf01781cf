import { EnvironmentBadge } from '@/components/environment-badge'
import { CardSkeleton, PageSkeleton, TableSkeleton } from '@/components/loading/skeleton'
import { Card } from '@/components/ui/card'
import type { InstanceFacts } from '@/core/instances/get-instance'
import { AboutCard } from './about-card'

/** What the instance says of itself is known before its health, plans and backups are. */
export function InstanceSkeleton({ instance }: { instance: InstanceFacts }) {
  return (
    <PageSkeleton
      title={instance.name}
      badge={<EnvironmentBadge environment={instance.environment} />}
      breadcrumbs={[{ label: 'Instances', href: '/instances' }]}
      description={<span className="font-mono text-sm">{instance.slug}</span>}
    >
      <div className="space-y-6">
        <AboutCard instance={instance} />
        <CardSkeleton title="Workers" lines={instance.workers.length * 2} />
        <CardSkeleton title="Sources" lines={instance.sources.length * 2} />
        <Card title="Plans" flush>
          <TableSkeleton
            caption="Plans"
            columns={['Plan', 'Latest backup', 'Last good', 'Next run']}
            twoLines={['Plan']}
            rows={2}
          />
        </Card>
        <Card title="Recent backups" flush>
          <TableSkeleton caption="Recent backups" columns={['Backup', 'State', 'Kind', 'Size']} twoLines={['Backup']} />
        </Card>
      </div>
    </PageSkeleton>
  )
}
