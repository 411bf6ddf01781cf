import { Archive, Download } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { Loaded } from '@/components/loading/loaded'
import { LivePage } from '@/components/live/live-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { countByDay } from '@/core/backups/count-by-day'
import { listBackups } from '@/core/backups/list-backups'
import { listFilterChoices } from '@/core/backups/list-filter-choices'
import { readLiveState } from '@/core/live/read-live-state'
import { BackupsSkeleton } from './backups-skeleton'
import { BackupsTable } from './backups-table'
import { type BackupSearch, filterQuery, isNarrowed, orderOf, zoneOf } from './filter'
import { FilterBar } from './filter-bar'
import { HeatMap } from './heat-map'
import { filterOf, readSearch } from './read-search'
import { backupsDescription } from './words'

export const metadata: Metadata = { title: 'Backups' }

export default async function BackupsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  await authorizePage('view')
  return <Loaded skeleton={<BackupsSkeleton />}>{drawBackups(await searchParams)}</Loaded>
}

async function drawBackups(asked: Record<string, unknown>) {
  const { search, ignored } = readSearch(asked)
  const [filter, order] = [filterOf(search), orderOf(search)]
  const { version } = await readLiveState()
  const [backups, days, choices] = await Promise.all([
    listBackups(filter, { page: search.page, order }),
    countByDay(filter, zoneOf(search)),
    listFilterChoices(search.instance),
  ])
  const narrowed = isNarrowed(search)
  const isEmpty = backups.total === 0
  const newestFirst = order.by === 'when' && order.direction === 'descending'
  return (
    <>
      <PageHeader title="Backups" description={backupsDescription} actions={!isEmpty && <Exports search={search} />} />
      <LivePage version={version} />
      {ignored.length > 0 && (
        <Notice className="mb-4" title="Part of this address cannot be read" role="status">
          <p>Left out of the filter: {ignored.join(', ')}.</p>
        </Notice>
      )}
      {(!isEmpty || narrowed) && (
        <div className="mb-4 space-y-4">
          <FilterBar search={search} choices={choices} />
          <HeatMap days={days} search={search} />
          <p className="text-muted text-sm" role="status">
            {countWords(backups.total, narrowed)}
          </p>
        </div>
      )}
      <Card flush>
        {isEmpty ? <Nothing narrowed={narrowed} /> : <BackupsTable backups={backups.items} search={search} />}
      </Card>
      <Pagination
        page={backups.page}
        pages={backups.pages}
        path="/backups"
        query={filterQuery(search)}
        {...(newestFirst ? {} : { previous: 'Previous', next: 'Next' })}
      />
    </>
  )
}

function countWords(total: number, narrowed: boolean): string {
  const count = `${total.toLocaleString('en-GB')} ${total === 1 ? 'backup' : 'backups'}`
  if (!narrowed) return count
  return total === 1 ? `${count} fits the filter` : `${count} fit the filter`
}

/** Plain links, as the browser saves what they lead to. */
function Exports({ search }: { search: BackupSearch }) {
  const hrefOf = (format: string) => `/api/backups/export?${new URLSearchParams({ ...filterQuery(search), format })}`
  return (
    <>
      <Button asChild size="sm">
        <a href={hrefOf('csv')} download aria-label="Export as CSV">
          <Download aria-hidden />
          CSV
        </a>
      </Button>
      <Button asChild size="sm">
        <a href={hrefOf('json')} download aria-label="Export as JSON">
          <Download aria-hidden />
          JSON
        </a>
      </Button>
    </>
  )
}

function Nothing({ narrowed }: { narrowed: boolean }) {
  if (narrowed)
    return (
      <EmptyState
        icon={<Archive aria-hidden />}
        title="No backup fits this filter"
        action={
          <Button asChild>
            <Link href="/backups">Show all</Link>
          </Button>
        }
      >
        Take something out of the filter, or look at other days.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<Archive aria-hidden />}
      title="No backup yet"
      action={
        <Button asChild variant="primary">
          <Link href="/plans">Go to plans</Link>
        </Button>
      }
    >
      Backups are made by plans, at their times or when you run one now.
    </EmptyState>
  )
}
