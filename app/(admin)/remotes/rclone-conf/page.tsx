import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { listConnectionChoices } from '@/core/remotes/list-connection-choices'
import { ExportForm } from './export-form'
import { ImportForm } from './import-form'

export const metadata: Metadata = { title: 'rclone.conf' }

export default async function RcloneConfPage() {
  await authorizePage('administer')
  return (
    <>
      <PageHeader
        title="rclone.conf"
        breadcrumbs={[{ label: 'Remotes', href: '/remotes' }]}
        description="Takes over remotes that rclone knows already, or hands yours to another rclone."
      />
      <div className="max-w-3xl space-y-6">
        <Card
          title="Import"
          description="Look first: nothing is saved before you choose. Secrets are sealed, and never shown again."
        >
          <ImportForm connections={await listConnectionChoices()} />
        </Card>
        <Card
          title="Export"
          description="All remotes with their passwords, for rclone on another machine. Sign-ins of connections stay here."
        >
          <ExportForm />
        </Card>
      </div>
    </>
  )
}
