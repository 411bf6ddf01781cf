'use client'

import { useState } from 'react'
import { WorkerSlugField } from '@/app/(admin)/instances/[slug]/workers/worker-slug-field'
import { type PreparedMigration, prepareMigrationAction } from '@/app/(admin)/migrations/actions'
import { ActionForm } from '@/components/form/action-form'
import { CheckboxField, SelectField, TextareaField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import type { MigrationChoices } from '@/core/migrations/get-migration-choices'
import { validTimes } from '@/core/migrations/valid-times'
import { PreparedLink } from './prepared-link'

const times = validTimes.map(({ hours, words }) => ({ value: String(hours), label: words }))

/** Asks for all that a migration link holds, then shows it, once. */
export function PreparePanel({ choices }: { choices: MigrationChoices }) {
  const { backup, instances } = choices
  const [made, setMade] = useState<PreparedMigration | null>(null)
  const [instanceId, setInstanceId] = useState('')
  const [way, setWay] = useState('inPlace')
  const target = instances.find(({ id }) => id === instanceId)
  const isOther = target !== undefined && target.id !== backup.instance.id
  if (made) return <PreparedLink made={made} onAgain={() => setMade(null)} />
  return (
    <Card className="max-w-2xl">
      <ActionForm<PreparedMigration> action={prepareMigrationAction} onSuccess={setMade}>
        <input type="hidden" name="backupId" value={backup.id} />
        <p className="text-sm">
          Restores the backup of <strong>{backup.instance.name}</strong> by {backup.planName}, made{' '}
          <Time at={backup.at} />.
        </p>
        <SelectField
          name="instanceId"
          label="Instance that the host belongs to"
          value={instanceId}
          onChange={({ currentTarget }) => setInstanceId(currentTarget.value)}
          options={[
            { value: '', label: 'Choose an instance' },
            ...instances.map(({ id, name, environment }) => ({ value: id, label: `${name} (${environment})` })),
          ]}
          description="For infrastructure of its own, make an instance first."
        />
        <WorkerSlugField
          label="Slug of the worker"
          description="That of a revoked worker is taken over, with its sources: so is a dead host replaced."
        />
        <SelectField
          name="way"
          label="Where to"
          value={way}
          onChange={({ currentTarget }) => setWay(currentTarget.value)}
          options={[
            { value: 'inPlace', label: 'Where it was: the same paths and databases' },
            { value: 'beside', label: 'Beside: a new folder and renamed databases' },
          ]}
          description="Configuration files are left out: they belong to the host."
        />
        {way === 'inPlace' && (
          <CheckboxField
            name="ontoData"
            label="Also onto a host that already holds data; what stands there is kept beside"
            description="Otherwise the restore refuses, and names what stands there. It can be undone, but no safety backup is made of it."
          />
        )}
        {backup.hasDatabases && (
          <TextField
            name="connection"
            label="MongoDB of the new host"
            optional
            description="Becomes a source of the worker. Empty: no database is restored, unless a worker that is taken over has one."
            placeholder="mongodb://127.0.0.1:27017"
            spellCheck={false}
            className="font-mono"
          />
        )}
        {isOther && target.hasFixUps && (
          <CheckboxField
            name="fixUps"
            label={`Apply the fix-ups of ${target.name}`}
            description="Addresses, secrets, pseudonyms: as its page says."
            defaultChecked
          />
        )}
        <SelectField name="validHours" label="Valid for" defaultValue="24" options={times} />
        {backup.instance.environment === 'production' ? (
          <p className="text-muted text-sm">
            The backup is of production: the host waits until you have compared its fingerprint and confirmed it.
          </p>
        ) : (
          <TextareaField
            name="trustedNetworks"
            label="Networks whose host is confirmed by itself"
            optional
            description="Addresses such as 192.0.2.17 or 192.0.2.0/24, one a line. A host that calls from elsewhere waits until you confirm it."
            className="min-h-16 font-mono"
            spellCheck={false}
          />
        )}
        <fieldset className="space-y-5 rounded-xl border border-border p-4 pt-1 [&>legend+*]:mt-0">
          <legend className="px-1 font-medium text-sm">What the host allows its worker</legend>
          <p className="text-[0.8125rem] text-muted">
            Written by the command into /etc/talekeeper/policy.json, unless the host has such a file already.
          </p>
          <TextareaField
            name="sourceRoots"
            label="Folders it may restore and back up"
            defaultValue={choices.sourceRoots.join('\n')}
            className="min-h-20 font-mono"
            spellCheck={false}
          />
          <TextareaField
            name="localRemoteRoots"
            label="Folders that may be remotes"
            optional
            defaultValue={choices.localRemoteRoots.join('\n')}
            className="min-h-16 font-mono"
            spellCheck={false}
          />
        </fieldset>
        <TextField name="reason" label="Reason" maxLength={500} required />
        {target?.environment === 'production' && (
          <TextField
            name="typedSlug"
            label={`Type ${target.slug}, since this goes into production`}
            spellCheck={false}
            autoCapitalize="none"
          />
        )}
        <SubmitButton>Make the link</SubmitButton>
      </ActionForm>
    </Card>
  )
}
