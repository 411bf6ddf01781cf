import { PageSkeleton, TableSkeleton } from '@/components/loading/skeleton'
import { Card } from '@/components/ui/card'

export const instancesDescription = 'Whole Tale deployments whose backups are kept here.'

export function InstancesSkeleton() {
  return (
    <PageSkeleton title="Instances" description={instancesDescription} hasActions>
      <Card flush>
        <TableSkeleton
          caption="Instances"
          columns={['Instance', 'Environment', 'Workers', 'Sources', 'Plans', 'Backups']}
          twoLines={['Instance']}
        />
      </Card>
    </PageSkeleton>
  )
}
