import { PageSkeleton, TableSkeleton } from '@/components/loading/skeleton'
import { Card } from '@/components/ui/card'

export const restoresDescription = 'What was put back, and whether it was the same.'

export function RestoresSkeleton() {
  return (
    <PageSkeleton title="Restores" description={restoresDescription}>
      <Card flush>
        <TableSkeleton
          caption="Restores"
          columns={['Asked for', 'Instance', 'Backup of', 'State', 'Folder']}
          twoLines={['Asked for', 'Backup of']}
        />
      </Card>
    </PageSkeleton>
  )
}
