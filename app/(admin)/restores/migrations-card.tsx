import Link from 'next/link'
import { MigrationBadge } from '@/app/(admin)/migrations/migration-badge'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { MigrationListItem } from '@/core/migrations/get-migration'

/** The newest links for fresh hosts. */
export function MigrationsCard({ migrations }: { migrations: MigrationListItem[] }) {
  return (
    <Card
      title="Migration links"
      description="For fresh hosts, which become workers and restore."
      flush
      className="mt-6"
    >
      <Table caption="Migration links">
        <TableHead>
          <TableHeader>Made</TableHeader>
          <TableHeader>Host</TableHeader>
          <TableHeader>Backup of</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Expires</TableHeader>
        </TableHead>
        <TableBody>
          {migrations.map(({ id, state, createdAt, expiresAt, workerSlug, instance, backup }) => (
            <TableRow key={id}>
              <TableCell>
                <Link href={`/migrations/${id}`} className="font-medium hover:underline">
                  <Time at={createdAt} plain />
                </Link>
              </TableCell>
              <TableCell label="Host">
                {workerSlug} of {instance.name}
              </TableCell>
              <TableCell label="Backup of">
                {backup.instanceName}, <Time at={backup.at} plain />
              </TableCell>
              <TableCell label="State">
                <MigrationBadge state={state} />
              </TableCell>
              <TableCell label="Expires">
                <Time at={expiresAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
