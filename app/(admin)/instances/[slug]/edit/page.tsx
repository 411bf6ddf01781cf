import type { Metadata } from 'next'
import Link from 'next/link'
import { deleteInstanceAction, updateInstanceAction } from '@/app/(admin)/instances/actions'
import { InstanceFields, InstanceSettingsFields } from '@/app/(admin)/instances/instance-fields'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { ActionForm } from '@/components/form/action-form'
import { ConfirmButton } from '@/components/form/confirm-button'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { findInstance } from '@/core/instances/find-instance'

export const metadata: Metadata = { title: 'Edit instance' }

export default async function EditInstancePage({ params }: { params: Promise<{ slug: string }> }) {
  await authorizePage('administer')
  const { slug } = await params
  const instance = await orNotFound(findInstance(slug))
  const { name, environment } = instance
  return (
    <>
      <PageHeader
        title="Edit"
        breadcrumbs={[
          { label: 'Instances', href: '/instances' },
          { label: name, href: `/instances/${slug}` },
        ]}
      />
      <div className="max-w-2xl space-y-6">
        <Card>
          <ActionForm action={updateInstanceAction.bind(null, slug)}>
            <InstanceFields name={name} environment={environment} />
            <InstanceSettingsFields settings={instance} timeZones={timeZones()} />
            <div className="flex flex-wrap gap-2 pt-2">
              <SubmitButton>Save</SubmitButton>
              <Button asChild>
                <Link href={`/instances/${slug}`}>Cancel</Link>
              </Button>
            </div>
          </ActionForm>
        </Card>
        <Card
          title="Delete this instance"
          description="Possible once nothing hangs on it: no backups, plans, sources or workers."
        >
          <ConfirmButton
            action={deleteInstanceAction.bind(null, slug)}
            title={`Delete ${name}?`}
            question={<p>The instance disappears from the dashboard. Files on remotes stay as they are.</p>}
            confirmLabel="Delete instance"
            typedName={slug}
          >
            Delete instance
          </ConfirmButton>
        </Card>
      </div>
    </>
  )
}
