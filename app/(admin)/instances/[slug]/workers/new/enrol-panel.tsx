'use client'

import { useState } from 'react'
import { type MadeEnrolment, makeEnrolmentAction } from '@/app/(admin)/instances/[slug]/workers/actions'
import { WorkerSlugField } from '@/app/(admin)/instances/[slug]/workers/worker-slug-field'
import { ActionForm } from '@/components/form/action-form'
import { CheckboxField, TextareaField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { EnrolmentWatch } from './enrolment-watch'

/** Asks for the worker's slug and limits, then shows the command and follows what happens. */
export function EnrolPanel({ instanceSlug }: { instanceSlug: string }) {
  const [made, setMade] = useState<MadeEnrolment | null>(null)
  if (made) return <EnrolmentWatch instanceSlug={instanceSlug} made={made} onAgain={() => setMade(null)} />
  return (
    <Card className="max-w-2xl">
      <ActionForm<MadeEnrolment> action={makeEnrolmentAction.bind(null, instanceSlug)} onSuccess={setMade}>
        <WorkerSlugField
          label="Slug"
          description="Names the host within the instance, such as fileserver or manager."
        />
        <fieldset className="space-y-5 rounded-xl border border-border p-4 pt-1 [&>legend+*]:mt-0">
          <legend className="px-1 font-medium text-sm">What this worker may do</legend>
          <p className="text-[0.8125rem] text-muted">
            Written by the command into /etc/talekeeper/policy.json on the host. The worker obeys that file, whatever
            this dashboard asks of it.
          </p>
          <TextareaField
            name="sourceRoots"
            label="Folders it may back up"
            description="One a line, with everything below. Configuration files too."
            defaultValue={'/mnt/homes\n/home/ubuntu'}
            className="min-h-20 font-mono"
            spellCheck={false}
          />
          <TextareaField
            name="restoreRoots"
            label="Folders it may restore into"
            description="Restores are written below these only."
            defaultValue="/var/lib/talekeeper-restores"
            className="min-h-16 font-mono"
            spellCheck={false}
          />
          <TextareaField
            name="localRemoteRoots"
            label="Folders that may be remotes"
            optional
            description="Only for backups onto a disk of this host, or a network share mounted there."
            className="min-h-16 font-mono"
            spellCheck={false}
          />
          <CheckboxField name="mongodb" label="It may dump and restore MongoDB" defaultChecked />
          <TextareaField
            name="mongodbImages"
            label="Images for MongoDB in a container"
            optional
            description="Docker images whose mongodump it may run, one a line. Only for a MongoDB without a published port."
            placeholder="mongo:3.2"
            className="min-h-16 font-mono"
            spellCheck={false}
          />
        </fieldset>
        <SubmitButton>Make the command</SubmitButton>
      </ActionForm>
    </Card>
  )
}
