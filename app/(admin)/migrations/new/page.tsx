import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { getMigrationChoices } from '@/core/migrations/get-migration-choices'
import { idSchema } from '@/protocol/names'
import { PreparePanel } from './prepare-panel'

export const metadata: Metadata = { title: 'Prepare a migration' }

export default async function PrepareMigrationPage({
  searchParams,
}: {
  searchParams: Promise<{ backup?: string | string[] }>
}) {
  await authorizePage('administer')
  const backupId = idSchema.safeParse((await searchParams).backup)
  const choices = backupId.success ? await orNotFound(getMigrationChoices(backupId.data)) : null
  return (
    <>
      <PageHeader
        title="Prepare a migration"
        breadcrumbs={[{ label: 'Restores', href: '/restores' }]}
        description="One link, and one command for a fresh host: it becomes a worker, and restores this backup. At first boot, too."
      />
      {choices ? (
        <PreparePanel choices={choices} />
      ) : (
        <Card>
          <EmptyState
            title="Choose a backup first"
            action={
              <Button asChild variant="primary">
                <Link href="/backups?state=succeeded">To the backups</Link>
              </Button>
            }
          >
            A link restores one backup. Open it, choose Restore, then “Onto a fresh host”.
          </EmptyState>
        </Card>
      )}
    </>
  )
}
