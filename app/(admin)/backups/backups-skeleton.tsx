import { Bar, PageSkeleton, TableSkeleton } from '@/components/loading/skeleton'
import { Card } from '@/components/ui/card'
import { backupsDescription } from './words'

/** Filter, year, and a page of rows, in the shape of page.tsx. */
export function BackupsSkeleton() {
  return (
    <PageSkeleton title="Backups" description={backupsDescription} hasActions>
      <div className="mb-4 space-y-4">
        <div className="flex flex-wrap gap-3">
          <Bar className="h-10 w-64 rounded-lg" />
          <Bar className="h-10 w-40 rounded-lg" />
          <Bar className="h-10 w-32 rounded-lg" />
          <Bar className="h-10 w-36 rounded-lg" />
        </div>
        <Card>
          <Bar className="h-42 w-full" />
        </Card>
        <div className="text-sm">
          <Bar className="w-40" />
        </div>
      </div>
      <Card flush>
        <TableSkeleton
          caption="Backups"
          columns={['When', 'Instance', 'State', 'Took', 'Size', 'On the remote']}
          twoLines={['Instance', 'On the remote']}
          rows={12}
        />
      </Card>
    </PageSkeleton>
  )
}
