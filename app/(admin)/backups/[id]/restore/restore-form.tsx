'use client'

import { useState } from 'react'
import { requestRestoreAction } from '@/app/(admin)/restores/actions'
import { ActionForm, useFormState } from '@/components/form/action-form'
import { ChoiceBox } from '@/components/form/choice-box'
import { SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { formatBytes } from '@/components/format-bytes'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import type { BackupArtifact } from '@/core/backups/get-backup'
import type { RestoreTarget } from '@/core/restores/list-restore-targets'

const kindWords: Record<string, string> = {
  mongodb: 'MongoDB',
  files: 'Directory trees',
  config: 'Configuration files',
}

/** What to restore, by which worker, and where to. */
export function RestoreForm({
  backupId,
  madeByWorker,
  artifacts,
  targets,
  remotes,
}: {
  backupId: string
  madeByWorker: string | null
  artifacts: BackupArtifact[]
  targets: RestoreTarget[]
  /** that hold the backup, the usual one first */
  remotes: { id: string; name: string }[]
}) {
  const usual = targets.find((target) => target.slug === madeByWorker) ?? targets[0]
  const [workerId, setWorkerId] = useState(usual?.id ?? '')
  const [chosen, setChosen] = useState(() => artifacts.map((artifact) => artifact.name))
  const target = targets.find((candidate) => candidate.id === workerId)
  const restoresMongodb = artifacts.some(({ kind, name }) => kind === 'mongodb' && chosen.includes(name))
  const choose = (name: string, on: boolean) => setChosen(on ? [...chosen, name] : chosen.filter((one) => one !== name))
  return (
    <ActionForm action={requestRestoreAction} className="max-w-3xl space-y-6">
      <input type="hidden" name="backupId" value={backupId} />
      <input type="hidden" name="artifactCount" value={artifacts.length} />
      <Card title="What">
        <ArtifactBoxes artifacts={artifacts} chosen={chosen} choose={choose} />
      </Card>
      {remotes.length > 1 && (
        <Card title="From">
          <SelectField
            name="remoteId"
            label="Remote to read from"
            options={remotes.map(({ id, name }) => ({ value: id, label: name }))}
            description="Each of them holds the whole backup."
          />
        </Card>
      )}
      <Card title="Where">
        <div className="space-y-5">
          <SelectField
            name="workerId"
            label="Worker"
            value={workerId}
            onChange={(event) => setWorkerId(event.target.value)}
            options={targets.map(({ id, slug, hostName }) => ({ value: id, label: `${slug} on ${hostName}` }))}
          />
          <TextField
            name="folder"
            label="Folder on its host"
            optional
            spellCheck={false}
            placeholder="/var/lib/talekeeper-worker/scratch/…"
            description="Must not exist yet, and the worker’s policy must allow it. Empty: a new folder in the worker’s scratch place."
          />
          {restoresMongodb && target && <MongodbTarget target={target} />}
        </div>
      </Card>
      <Card>
        <TextField
          name="reason"
          label="Reason"
          optional
          placeholder="Monthly restore test"
          description="Kept in the audit log."
        />
      </Card>
      <SubmitButton disabled={chosen.length === 0 || (restoresMongodb && target?.mongodbSources.length === 0)}>
        Restore beside
      </SubmitButton>
    </ActionForm>
  )
}

function ArtifactBoxes({
  artifacts,
  chosen,
  choose,
}: {
  artifacts: BackupArtifact[]
  chosen: string[]
  choose: (name: string, on: boolean) => void
}) {
  const error = useFormState().fields.artifacts
  return (
    <fieldset className="space-y-3">
      <legend className="sr-only">Artifacts</legend>
      {error && (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      )}
      {artifacts.map((artifact) => (
        <ChoiceBox
          key={artifact.name}
          name="artifacts"
          value={artifact.name}
          checked={chosen.includes(artifact.name)}
          onChange={(event) => choose(artifact.name, event.target.checked)}
          label={kindWords[artifact.kind] ?? artifact.name}
          description={describe(artifact)}
        />
      ))}
    </fieldset>
  )
}

function describe({ name, rawBytes, entries, documents }: BackupArtifact): string {
  const amount =
    documents !== null
      ? `${documents.toLocaleString('en-GB')} documents, `
      : entries !== null
        ? `${entries.toLocaleString('en-GB')} entries, `
        : ''
  return `${amount}${formatBytes(rawBytes)} (${name})`
}

function MongodbTarget({ target }: { target: RestoreTarget }) {
  if (target.mongodbSources.length === 0)
    return (
      <Notice tone="warning">
        <p>
          This worker has no MongoDB source, so it cannot restore databases. Untick MongoDB, or choose another worker.
        </p>
      </Notice>
    )
  return (
    <SelectField
      name="mongodbSourceId"
      label="MongoDB server"
      options={target.mongodbSources.map(({ id, slug }) => ({ value: id, label: slug }))}
      description="Databases are restored under new names with a prefix; the ones that are there stay as they are."
    />
  )
}
