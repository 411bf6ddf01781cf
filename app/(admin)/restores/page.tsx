import { RotateCcw } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'
import { authorizePage } from '@/app/authorize-page'
import { Loaded } from '@/components/loading/loaded'
import { LivePage } from '@/components/live/live-page'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Pagination } from '@/components/ui/pagination'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { readLiveState } from '@/core/live/read-live-state'
import { listMigrations } from '@/core/migrations/get-migration'
import { listRestores, type RestoreListItem } from '@/core/restores/list-restores'
import { listRefreshes } from '@/core/refreshes/get-refresh'
import { MigrationsCard } from './migrations-card'
import { RefreshesCard } from './refreshes-card'
import { RestoresSkeleton, restoresDescription } from './restores-skeleton'

export const metadata: Metadata = { title: 'Restores' }

const searchSchema = z.object({ page: z.coerce.number().int().min(1).max(1_000_000).catch(1) })

export default async function RestoresPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  await authorizePage('view')
  const { page } = searchSchema.parse(await searchParams)
  return <Loaded skeleton={<RestoresSkeleton />}>{drawRestores(page)}</Loaded>
}

async function drawRestores(page: number) {
  const { version } = await readLiveState()
  const restores = await listRestores({ page })
  const [migrations, refreshes] =
    restores.page === 1 ? await Promise.all([listMigrations(20), listRefreshes()]) : [[], []]
  return (
    <>
      <PageHeader title="Restores" description={restoresDescription} />
      <LivePage version={version} />
      <Card flush>
        {restores.total === 0 ? (
          <EmptyState
            icon={<RotateCcw aria-hidden />}
            title="No restore yet"
            action={
              <Button asChild variant="primary">
                <Link href="/backups?state=succeeded">Choose a backup</Link>
              </Button>
            }
          >
            A backup is worth as much as its restore. Try one: it goes into a scratch place and is compared there.
          </EmptyState>
        ) : (
          <RestoresTable restores={restores.items} />
        )}
      </Card>
      <Pagination page={restores.page} pages={restores.pages} path="/restores" query={{}} />
      {refreshes.length > 0 && <RefreshesCard refreshes={refreshes} />}
      {migrations.length > 0 && <MigrationsCard migrations={migrations} />}
    </>
  )
}

function RestoresTable({ restores }: { restores: RestoreListItem[] }) {
  return (
    <Table caption="Restores">
      <TableHead>
        <TableHeader>Asked for</TableHeader>
        <TableHeader>Instance</TableHeader>
        <TableHeader>Backup of</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Folder</TableHeader>
      </TableHead>
      <TableBody>
        {restores.map((restore) => (
          <TableRow key={restore.id}>
            <TableCell>
              <Link href={`/restores/${restore.id}`} className="font-medium hover:underline">
                <Time at={restore.requestedAt} plain />
              </Link>
              {restore.requestedBy && <div className="text-muted text-xs">by {restore.requestedBy}</div>}
            </TableCell>
            <TableCell label="Instance">{restore.instance.name}</TableCell>
            <TableCell label="Backup of">
              <Origin restore={restore} />
            </TableCell>
            <TableCell label="State">
              <StatusBadge state={restore.state} />
            </TableCell>
            <TableCell label="Folder">
              {restore.discarded ? (
                <Badge>removed</Badge>
              ) : (
                <span className="break-all font-mono text-xs">{restore.folders.join(', ')}</span>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function Origin({ restore: { backup, olderFile } }: { restore: RestoreListItem }) {
  if (!backup)
    return (
      <>
        <span className="break-all font-mono text-xs">{olderFile && `${olderFile.day}/${olderFile.name}`}</span>
        <div className="text-muted text-xs">of the older scripts</div>
      </>
    )
  return (
    <>
      <Link href={`/backups/${backup.id}`} className="underline-offset-4 hover:underline">
        <Time at={backup.startedAt ?? backup.requestedAt} plain />
      </Link>
      <div className="text-muted text-xs">{backup.planSlug}</div>
    </>
  )
}
