import { Archive } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { listBackupInstances } from '@/core/backups/list-backup-instances'
import { listBackups } from '@/core/backups/list-backups'
import { BackupsTable } from './backups-table'
import { backupSearchSchema, filterQuery } from './filter'
import { FilterBar } from './filter-bar'

export const metadata: Metadata = { title: 'Backups' }

export default async function BackupsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  await authorizePage('view')
  const search = backupSearchSchema.parse(await searchParams)
  const [backups, instances] = await Promise.all([listBackups(search), listBackupInstances()])
  const isFiltered = Boolean(search.instance || search.state || search.plan)
  return (
    <>
      <PageHeader title="Backups" description="Every run, newest first, and what it left on its remote." />
      {(backups.total > 0 || isFiltered) && <FilterBar search={search} instances={instances} />}
      <Card flush>
        {backups.total === 0 ? <Nothing isFiltered={isFiltered} /> : <BackupsTable backups={backups.items} />}
      </Card>
      <Pagination page={backups.page} pages={backups.pages} path="/backups" query={filterQuery(search)} />
    </>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState icon={<Archive aria-hidden />} title="No backup fits this filter">
        Choose another instance or state.
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
