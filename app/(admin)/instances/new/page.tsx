import type { Metadata } from 'next'
import Link from 'next/link'
import { createInstanceAction } from '@/app/(admin)/instances/actions'
import { InstanceFields } from '@/app/(admin)/instances/instance-fields'
import { authorizePage } from '@/app/authorize-page'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'

export const metadata: Metadata = { title: 'Register an instance' }

export default async function NewInstancePage() {
  await authorizePage('administer')
  return (
    <>
      <PageHeader
        title="Register an instance"
        breadcrumbs={[{ label: 'Instances', href: '/instances' }]}
        description="One Whole Tale deployment. Next you enrol a worker on its file server."
      />
      <Card className="max-w-2xl">
        <ActionForm action={createInstanceAction}>
          <InstanceFields />
          <TextField
            name="slug"
            label="Slug"
            description="Its folder on every remote, as the cluster is called in Terraform. It can never be changed."
            placeholder="wt-prod"
            maxLength={40}
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
            required
          />
          <details>
            <summary className="w-fit cursor-pointer rounded-md font-medium text-sm">
              It was registered before, in a dashboard that is lost
            </summary>
            <div className="mt-4">
              <TextField
                name="id"
                label="Its former id"
                optional
                description="Stands in .talekeeper.json in its folder on the remote. Its backups can then be taken over. A recovery kit brings it along by itself."
                maxLength={36}
                autoCapitalize="none"
                spellCheck={false}
                className="font-mono"
              />
            </div>
          </details>
          <div className="flex flex-wrap gap-2 pt-2">
            <SubmitButton>Register</SubmitButton>
            <Button asChild>
              <Link href="/instances">Cancel</Link>
            </Button>
          </div>
        </ActionForm>
      </Card>
    </>
  )
}
