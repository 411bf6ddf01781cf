import type { Metadata } from 'next'
import Link from 'next/link'
import { toQuery } from '@/app/(admin)/backups/[id]/restore/to-query'
import { authorizePage } from '@/app/authorize-page'
import { orNotFound } from '@/app/or-not-found'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { readOlderDraft } from '@/core/restores/older-draft'
import { resolveOlderDraft } from '@/core/restores/resolve-older-draft'
import { OlderFileFacts } from './older-file-facts'
import { OlderWizard } from './older-wizard'

export const metadata: Metadata = { title: 'Restore of an older file' }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

/** A file of the scripts before Talekeeper, restored beside: all that is chosen stands in the address. */
export default async function OlderRestorePage({ params, searchParams }: Props) {
  const actor = await authorizePage('operate')
  const { id } = await params
  const draft = readOlderDraft(toQuery(await searchParams))
  if (draft.instanceSlug === null || draft.day === null || draft.name === null) return <NothingChosen remoteId={id} />
  const resolved = await orNotFound(resolveOlderDraft(actor, id, draft))
  const { file, remote, target } = resolved
  return (
    <>
      <PageHeader
        title="Restore of an older file"
        breadcrumbs={[
          { label: 'Remotes', href: '/remotes' },
          { label: remote.name, href: `/remotes/${remote.id}` },
        ]}
        description={`${file.name} of ${file.day}, of ${file.instance.name}. Beside what is there: nothing that exists is touched.`}
      />
      <div className="max-w-3xl space-y-6">
        <OlderFileFacts file={file} />
        {target ? (
          <OlderWizard draft={draft} resolved={{ ...resolved, target }} />
        ) : (
          <Card>
            <EmptyState title="No active worker">
              A worker of an instance that you may restore into does the restore. Enrol one on an instance’s page.
            </EmptyState>
          </Card>
        )}
      </div>
    </>
  )
}

function NothingChosen({ remoteId }: { remoteId: string }) {
  return (
    <>
      <PageHeader title="Restore of an older file" breadcrumbs={[{ label: 'Remotes', href: '/remotes' }]} />
      <Card>
        <EmptyState
          title="No file is chosen"
          action={
            <Button asChild variant="primary">
              <Link href={`/remotes/${remoteId}`}>Choose a file</Link>
            </Button>
          }
        >
          The remote’s page lists what a look at it found of the older scripts.
        </EmptyState>
      </Card>
    </>
  )
}
