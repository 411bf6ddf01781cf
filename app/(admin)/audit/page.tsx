import { ScrollText } from 'lucide-react'
import type { Metadata } from 'next'
import { actorOf, detailOf } from '@/app/(admin)/audit/words'
import { authorizePage } from '@/app/authorize-page'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
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
          <Table caption="Audit events">
            <TableHead>
              <TableHeader>When</TableHeader>
              <TableHeader>Who</TableHeader>
              <TableHeader>What</TableHeader>
              <TableHeader>Instance</TableHeader>
              <TableHeader>Details</TableHeader>
            </TableHead>
            <TableBody>
              {items.map((event) => (
                <TableRow key={event.id}>
                  <TableCell label="When">
                    <Time at={event.at} />
                  </TableCell>
                  <TableCell label="Who">{actorOf(event)}</TableCell>
                  <TableCell label="What">
                    <span className="whitespace-nowrap font-mono text-xs">{event.action}</span>
                  </TableCell>
                  <TableCell label="Instance" className="whitespace-nowrap">
                    {event.instance ?? <span className="text-muted">–</span>}
                  </TableCell>
                  <TableCell label="Details">
                    <span className="line-clamp-3 break-words text-muted text-xs">{detailOf(event)}</span>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Card>
      <Pagination page={page} pages={pages} path="/audit" query={instance ? { instance } : {}} />
    </>
  )
}
