import { BellRing } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { formatDuration } from '@/components/format-time'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { readIncidentFilter } from '@/core/incidents/incident-filter'
import { listIncidents } from '@/core/incidents/list-incidents'
import { listInstances } from '@/core/instances/list-instances'
import { FilterBar } from './filter-bar'
import { IncidentsTable } from './incidents-table'

export const metadata: Metadata = { title: 'Incidents' }

export default async function IncidentsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const actor = await authorizePage('view')
  const filter = readIncidentFilter(await searchParams)
  const [{ items, total, page, pages, recovery }, instances] = await Promise.all([
    listIncidents(filter),
    listInstances(),
  ])
  const { page: _, ...query } = filter
  const isNarrowed = Object.keys(query).length > 0
  return (
    <>
      <PageHeader
        title="Incidents"
        description={
          recovery
            ? `In the last 90 days ${recovery.count === 1 ? 'one incident' : `${recovery.count} incidents`} recovered, on average after ${formatDuration(recovery.meanSeconds)}.`
            : 'What is wrong or worth knowing, since when, and what to do about it.'
        }
        actions={
          may(actor, 'administer') && (
            <Button asChild>
              <Link href="/alerts">
                <BellRing aria-hidden />
                Who is told
              </Link>
            </Button>
          )
        }
      />
      <div className="space-y-4">
        <FilterBar filter={query} instances={instances.map(({ slug, name }) => ({ slug, name }))} />
        <Card flush>
          {total === 0 ? (
            <EmptyState icon={<BellRing aria-hidden />} title={isNarrowed ? 'None like this' : 'No incident yet'}>
              {isNarrowed
                ? 'Choose less, or all.'
                : 'When a backup fails, or merely does not happen, it stands here within a minute.'}
            </EmptyState>
          ) : (
            <IncidentsTable incidents={items} />
          )}
        </Card>
      </div>
      <Pagination page={page} pages={pages} path="/incidents" query={query as Record<string, string>} />
    </>
  )
}
