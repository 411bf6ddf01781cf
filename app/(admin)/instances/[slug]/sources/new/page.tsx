import { ChevronRight, Server } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { createSourceAction } from '@/app/(admin)/instances/[slug]/sources/actions'
import {
  ConfigFields,
  MongodbFields,
  TreeFields,
  WorkerField,
} from '@/app/(admin)/instances/[slug]/sources/source-fields'
import { type SourceKind, sourceKinds } from '@/app/(admin)/instances/[slug]/sources/source-kinds'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { getInstance, type InstanceFacts } from '@/core/instances/get-instance'

export const metadata: Metadata = { title: 'Add a source' }

const suggestedSlugs: Record<SourceKind, string> = { mongodb: 'mongo', tree: 'homes', config: 'config' }

export default async function NewSourcePage({
  params,
  searchParams,
}: {
  params: Promise<{ slug: string }>
  searchParams: Promise<{ kind?: string | string[] }>
}) {
  await authorizePage('administer')
  const { slug } = await params
  const { kind } = await searchParams
  const instance = await orNotFound(getInstance(slug))
  return (
    <>
      <PageHeader
        title="Add a source"
        breadcrumbs={[
          { label: 'Instances', href: '/instances' },
          { label: instance.name, href: `/instances/${slug}` },
        ]}
        description="Something to back up, and the worker that reads it."
      />
      <div className="max-w-2xl">
        {instance.workers.length === 0 ? (
          <NoWorker slug={slug} />
        ) : isKind(kind) ? (
          <SourceForm instance={instance} kind={kind} />
        ) : (
          <KindChoice slug={slug} />
        )}
      </div>
    </>
  )
}

function isKind(kind: unknown): kind is SourceKind {
  return typeof kind === 'string' && Object.hasOwn(sourceKinds, kind)
}

function KindChoice({ slug }: { slug: string }) {
  return (
    <Card title="What is it?" flush>
      <ul className="divide-y divide-border">
        {Object.entries(sourceKinds).map(([kind, { label, text, icon: Icon }]) => (
          <li key={kind}>
            <Link
              href={`/instances/${slug}/sources/new?kind=${kind}`}
              className="-outline-offset-2 flex items-center gap-4 px-5 py-4 hover:bg-surface-muted"
            >
              <Icon className="size-5 shrink-0 text-accent" aria-hidden />
              <span className="min-w-0 flex-1">
                <span className="block font-medium text-sm">{label}</span>
                <span className="block text-muted text-sm">{text}</span>
              </span>
              <ChevronRight className="size-4 text-muted" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function SourceForm({ instance, kind }: { instance: InstanceFacts; kind: SourceKind }) {
  const { label, text } = sourceKinds[kind]
  const taken = instance.sources.some((source) => source.slug === suggestedSlugs[kind])
  return (
    <Card title={label} description={text}>
      <ActionForm action={createSourceAction.bind(null, instance.slug)}>
        <input type="hidden" name="kind" value={kind} />
        <TextField
          name="slug"
          label="Slug"
          description="Names the source within the instance, and in each manifest. It can never be changed."
          defaultValue={taken ? '' : suggestedSlugs[kind]}
          maxLength={40}
          autoCapitalize="none"
          spellCheck={false}
          className="font-mono"
          required
        />
        <WorkerField workers={instance.workers} />
        {kind === 'mongodb' && <MongodbFields />}
        {kind === 'tree' && <TreeFields />}
        {kind === 'config' && <ConfigFields />}
        <div className="flex flex-wrap gap-2 pt-2">
          <SubmitButton>Add the source</SubmitButton>
          <Button asChild>
            <Link href={`/instances/${instance.slug}`}>Cancel</Link>
          </Button>
        </div>
      </ActionForm>
    </Card>
  )
}

function NoWorker({ slug }: { slug: string }) {
  return (
    <Card>
      <EmptyState
        icon={<Server aria-hidden />}
        title="No worker yet"
        action={
          <Button asChild variant="primary">
            <Link href={`/instances/${slug}/workers/new`}>Enrol a worker</Link>
          </Button>
        }
      >
        A source belongs to the worker that reads it, so enrol one first.
      </EmptyState>
    </Card>
  )
}
