import { FileCog, HardDrive, Plus } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { Bytes } from '@/components/bytes'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { listRemotes, type RemoteListItem } from '@/core/remotes/list-remotes'

import { backendNames } from './backend-names'

export const metadata: Metadata = { title: 'Remotes' }

export default async function RemotesPage() {
  const actor = await authorizePage('view')
  const remotes = await listRemotes()
  const add = may(actor, 'administer') && (
    <div className="flex flex-wrap gap-2">
      <Button asChild>
        <Link href="/remotes/rclone-conf">
          <FileCog aria-hidden />
          rclone.conf
        </Link>
      </Button>
      <Button asChild variant="primary">
        <Link href="/remotes/new">
          <Plus aria-hidden />
          Add remote
        </Link>
      </Button>
    </div>
  )
  return (
    <>
      <PageHeader
        title="Remotes"
        description="Places that backups are written to. Workers reach them with rclone."
        actions={remotes.length > 0 && add}
      />
      <Card flush>
        {remotes.length === 0 ? (
          <EmptyState icon={<HardDrive aria-hidden />} title="No remote yet" action={add}>
            A remote is a folder, a server, a bucket or a cloud drive that plans write their backups to.
          </EmptyState>
        ) : (
          <RemotesTable remotes={remotes} />
        )}
      </Card>
    </>
  )
}

function RemotesTable({ remotes }: { remotes: RemoteListItem[] }) {
  return (
    <Table caption="Remotes">
      <TableHead>
        <TableHeader>Name</TableHeader>
        <TableHeader>Kind</TableHeader>
        <TableHeader>Place</TableHeader>
        <TableHeader>Plans</TableHeader>
        <TableHeader>Backups</TableHeader>
        <TableHeader>Size</TableHeader>
      </TableHead>
      <TableBody>
        {remotes.map((remote) => (
          <TableRow key={remote.id}>
            <TableCell>
              <Link href={`/remotes/${remote.id}`} className="font-medium hover:underline">
                {remote.name}
              </Link>
            </TableCell>
            <TableCell label="Kind" className="whitespace-nowrap">
              {backendNames[remote.backend]}
            </TableCell>
            <TableCell label="Place">
              <span className="break-all font-mono text-xs">{remote.address}</span>
            </TableCell>
            <TableCell label="Plans" className="tabular-nums">
              {remote.plans}
            </TableCell>
            <TableCell label="Backups" className="tabular-nums">
              {remote.backups}
            </TableCell>
            <TableCell label="Size">
              <Bytes value={remote.bytes} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
