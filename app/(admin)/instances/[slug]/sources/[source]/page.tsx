import type { Metadata } from 'next'
import { deleteSourceAction, updateSourceAction } from '@/app/(admin)/instances/[slug]/sources/actions'
import { SourceCheck } from '@/app/(admin)/instances/[slug]/sources/source-check'
import {
  ConfigFields,
  MongodbFields,
  TreeFields,
  WorkerField,
} from '@/app/(admin)/instances/[slug]/sources/source-fields'
import { sourceKinds } from '@/app/(admin)/instances/[slug]/sources/source-kinds'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { ActionForm } from '@/components/form/action-form'
import { ConfirmButton } from '@/components/form/confirm-button'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { getInstance } from '@/core/instances/get-instance'
import { getSource } from '@/core/sources/get-source'

export async function generateMetadata({ params }: { params: Promise<{ source: string }> }): Promise<Metadata> {
  return { title: `Source ${(await params).source}` }
}

export default async function SourcePage({ params }: { params: Promise<{ slug: string; source: string }> }) {
  await authorizePage('administer')
  const { slug, source: sourceSlug } = await params
  const instance = await orNotFound(getInstance(slug))
  const source = await orNotFound(getSource(slug, sourceSlug))
  const worker = instance.workers.find(({ id }) => id === source.workerId)
  return (
    <>
      <PageHeader
        title={source.slug}
        breadcrumbs={[
          { label: 'Instances', href: '/instances' },
          { label: instance.name, href: `/instances/${slug}` },
        ]}
        description={
          source.plans.length
            ? `${sourceKinds[source.kind].label}, backed up by ${source.plans.map(({ name }) => name).join(', ')}`
            : `${sourceKinds[source.kind].label}, not in any plan yet`
        }
      />
      <div className="max-w-2xl space-y-6">
        <Card title="Settings">
          <ActionForm action={updateSourceAction.bind(null, slug, sourceSlug)}>
            <input type="hidden" name="kind" value={source.kind} />
            <WorkerField workers={instance.workers} workerId={source.workerId} />
            {source.kind === 'mongodb' && <MongodbFields settings={source.settings} />}
            {source.kind === 'tree' && <TreeFields settings={source.settings} />}
            {source.kind === 'config' && <ConfigFields settings={source.settings} />}
            <SubmitButton>Save</SubmitButton>
          </ActionForm>
        </Card>
        {worker && <SourceCheck instanceSlug={slug} sourceSlug={sourceSlug} worker={worker.slug} />}
        <Card title="Remove this source" description="Its backups stay. Possible while no plan uses it.">
          <ConfirmButton
            action={deleteSourceAction.bind(null, slug, sourceSlug)}
            title={`Remove ${source.slug}?`}
            question={<p>It is no longer backed up. Backups that hold it stay as they are.</p>}
            confirmLabel="Remove source"
          >
            Remove source
          </ConfirmButton>
        </Card>
      </div>
    </>
  )
}
