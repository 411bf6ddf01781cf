import { ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { EventsTable } from '@/app/(admin)/audit/events-table'
import { authorizePage } from '@/app/authorize-page'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { listAuditEvents } from '@/core/audit/list-audit-events'

export const metadata: Metadata = { title: 'Audit' }

type Search = { instance?: string | string[]; page?: string | string[] }

export default async function AuditPage({ searchParams }: { searchParams: Promise<Search> }) {
  await authorizePage('view')
  const search = await searchParams
  const instance = typeof search.instance === 'string' ? search.instance : undefined
  const { items, page, pages, total } = await listAuditEvents({ instance, page: Number(search.page) || 1 })
  return (
    <>
      <PageHeader title="Audit" description="Who changed what, and when. Nothing here can be edited or deleted." />
      <Card flush>
        {total === 0 ? (
          <EmptyState icon={<ScrollText aria-hidden />} title="Nothing recorded yet">
            Every change is written down here in the moment it is made.
          </EmptyState>
        ) : (
          <EventsTable caption="Audit events" events={items} showsInstance />
        )}
      </Card>
      <Pagination page={page} pages={pages} path="/audit" query={instance ? { instance } : {}} />
    </>
  )
}
