import type { Metadata } from 'next'
import { createRemoteAction } from '@/app/(admin)/remotes/actions'
import { RemoteForm } from '@/app/(admin)/remotes/remote-form'
import { authorizePage } from '@/app/authorize-page'
import { PageHeader } from '@/components/ui/page-header'
import { listConnectionChoices } from '@/core/remotes/list-connection-choices'
import { listTestWorkers } from '@/core/remotes/list-test-workers'

export const metadata: Metadata = { title: 'Add remote' }

export default async function NewRemotePage() {
  await authorizePage('administer')
  const [workers, connections] = await Promise.all([listTestWorkers(), listConnectionChoices()])
  return (
    <>
      <PageHeader title="Add remote" breadcrumbs={[{ label: 'Remotes', href: '/remotes' }]} />
      <RemoteForm action={createRemoteAction} workers={workers} connections={connections} />
    </>
  )
}
