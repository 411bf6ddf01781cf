import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { findProfile } from '@/core/fix-up-profiles/find-profile'
import { usualFixUps } from '@/core/fix-up-profiles/stored-fix-ups'
import { findInstance } from '@/core/instances/find-instance'
import { saveFixUpsAction } from './actions'
import { PeopleFields, RemovalFields, SettingFields } from './fix-up-fields'

export const metadata: Metadata = { title: 'Fix-ups' }

/** How backups of other instances are changed to fit this one. */
export default async function FixUpsPage({ params }: { params: Promise<{ slug: string }> }) {
  await authorizePage('administer')
  const { slug } = await params
  const { id, name } = await orNotFound(findInstance(slug))
  const fixUps = (await findProfile(id)) ?? usualFixUps
  return (
    <>
      <PageHeader
        title="Fix-ups"
        breadcrumbs={[
          { label: 'Instances', href: '/instances' },
          { label: name, href: `/instances/${slug}` },
        ]}
        description="What is changed of Girder’s database when a backup of another instance is restored into this one: after it was compared with the backup, and before anybody uses it."
      />
      <ActionForm action={saveFixUpsAction.bind(null, slug)} className="max-w-2xl space-y-6">
        <Card title="Addresses and secrets">
          <div className="space-y-5">
            <SettingFields fixUps={fixUps} />
          </div>
        </Card>
        <Card title="People">
          <div className="space-y-5">
            <PeopleFields fixUps={fixUps} />
          </div>
        </Card>
        <Card title="Left behind">
          <div className="space-y-5">
            <RemovalFields fixUps={fixUps} />
          </div>
        </Card>
        <div className="flex flex-wrap gap-2">
          <SubmitButton>Save</SubmitButton>
          <Button asChild>
            <Link href={`/instances/${slug}`}>Cancel</Link>
          </Button>
        </div>
      </ActionForm>
    </>
  )
}
