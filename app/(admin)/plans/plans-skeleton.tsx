import { PageSkeleton, TableSkeleton } from '@/components/loading/skeleton'
import { Card } from '@/components/ui/card'

export const plansDescription = 'What is backed up, when, where to, and how long it is kept.'

export function PlansSkeleton() {
  return (
    <PageSkeleton title="Plans" description={plansDescription} hasActions>
      <Card flush>
        <TableSkeleton
          caption="Plans"
          columns={['Plan', 'Instance', 'Schedule', 'Next', 'Last good', 'Last run']}
          twoLines={['Plan', 'Schedule']}
        />
      </Card>
    </PageSkeleton>
  )
}
