import type { Metadata } from 'next'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { PageHeader } from '@/components/ui/page-header'
import { findInstance } from '@/core/instances/find-instance'
import { EnrolPanel } from './enrol-panel'

export const metadata: Metadata = { title: 'Enrol a worker' }

export default async function EnrolWorkerPage({ params }: { params: Promise<{ slug: string }> }) {
  await authorizePage('administer')
  const { slug } = await params
  const { name } = await orNotFound(findInstance(slug))
  return (
    <>
      <PageHeader
        title="Enrol a worker"
        breadcrumbs={[
          { label: 'Instances', href: '/instances' },
          { label: name, href: `/instances/${slug}` },
        ]}
        description="A worker runs on one of the instance's hosts, normally the file server. It only dials out."
      />
      <EnrolPanel instanceSlug={slug} />
    </>
  )
}
