import { Bar, PageSkeleton } from '@/components/loading/skeleton'

/** Three instances with a plan each, in the shape of instance-card.tsx. */
export function OverviewSkeleton() {
  return (
    <PageSkeleton title="Overview" description={<Bar className="w-64" />}>
      <div className="mb-2 text-sm">
        <Bar className="w-20" />
      </div>
      <div className="space-y-3">
        {['first', 'second', 'third'].map((card) => (
          <div key={card} className="rounded-xl border border-border border-l-4 bg-surface px-5 py-4 shadow-xs">
            <div className="text-base">
              <Bar className="w-48" />
            </div>
            <div className="mt-1 text-sm">
              <Bar className="w-2/3" />
            </div>
            <div className="mt-3 border-border border-t pt-3">
              <Bar className="h-10 w-full" />
            </div>
          </div>
        ))}
      </div>
    </PageSkeleton>
  )
}
