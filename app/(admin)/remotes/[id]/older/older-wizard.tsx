'use client'

import { useRouter } from 'next/navigation'
import { startTransition, useOptimistic } from 'react'
import { FolderField, WorkerField } from '@/app/(admin)/backups/[id]/restore/where-step'
import { SelectField } from '@/components/form/fields'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { type OlderDraft, olderRestoreHref } from '@/core/restores/older-draft'
import type { ResolvedOlderDraft } from '@/core/restores/resolve-older-draft'
import { OlderConfirm } from './older-confirm'

export type ChosenOlder = ResolvedOlderDraft & { target: NonNullable<ResolvedOlderDraft['target']> }

/** Where to, and the confirmation. What is chosen is written into the address. */
export function OlderWizard({ draft, resolved }: { draft: OlderDraft; resolved: ChosenOlder }) {
  const router = useRouter()
  const [shown, show] = useOptimistic(draft)
  const { file, remote, targets, target, mongodbSourceId } = resolved
  const place = { remoteId: remote.id, instanceSlug: file.instance.slug, day: file.day, name: file.name }
  const change = (changes: Partial<OlderDraft>) => {
    const next = { ...shown, ...changes }
    startTransition(() => {
      show(next)
      router.replace(olderRestoreHref(place, next), { scroll: false })
    })
  }
  const lacksMongodb = file.holds === 'mongodb' && mongodbSourceId === null
  return (
    <>
      <Card title="2. Where">
        <div className="space-y-5">
          <WorkerField
            targets={targets}
            workerId={shown.workerId ?? target.id}
            choose={(workerId) => change({ workerId, mongodbSourceId: null })}
            description="Of the instances that you may restore into."
          />
          {lacksMongodb && (
            <Notice tone="warning" title="This worker reaches no MongoDB directly">
              <p>The file holds databases. Choose another worker, or give this one a MongoDB source.</p>
            </Notice>
          )}
          {file.holds === 'mongodb' && mongodbSourceId !== null && (
            <SelectField
              name="mongodbSourceId"
              label="MongoDB server"
              value={shown.mongodbSourceId ?? mongodbSourceId}
              onChange={({ currentTarget }) => change({ mongodbSourceId: currentTarget.value })}
              options={target.mongodbSources.map(({ id, slug }) => ({ value: id, label: slug }))}
              description="Databases are restored under new names, with a prefix of the restore’s own (tk_…_) that no database has. Those that are there stay as they are; MongoDB’s own users are never restored."
            />
          )}
          <FolderField draft={shown} change={change} />
        </div>
      </Card>
      <OlderConfirm
        key={`${target.id} ${mongodbSourceId}`}
        place={place}
        resolved={resolved}
        folder={shown.folder}
        isStopped={lacksMongodb}
      />
    </>
  )
}
