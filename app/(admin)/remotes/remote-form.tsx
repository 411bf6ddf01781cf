'use client'

import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import type { FormAction } from '@/components/form/action-result'
import { CheckboxField, SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'
import { isGeneric } from '@/protocol/advanced-options'
import { genericBackends, genericTables } from '@/protocol/generic-backends'
import { type Backend, ownBackends, type RemoteLimits } from '@/protocol/remotes'
import { BackendFields, type SavedOptions } from './backend-fields'
import { backendNames } from './backend-names'
import { BaseFolderField } from './base-folder-field'
import type { SavedConnection } from './connection-fields'
import { CryptFields } from './crypt-fields'
import { friendlyGeneric } from './friendly-options'
import { KeeperFields } from './keeper-fields'
import { LimitFields } from './limit-fields'
import { RemoteTest, type TestWorker } from './remote-test'

export type RemoteFormValues = SavedOptions &
  SavedConnection & {
    id: string
    slug: string
    name: string
    backend: Backend
    baseFolder: string
    keeper: boolean
    limits: RemoteLimits | null
    /** backups lie on it, so that moving it needs a confirmation */
    inUse: boolean
  }

const folderHints: Partial<Record<Backend, string>> = {
  local: 'An absolute path on the worker’s host, such as a mounted disk. The worker’s policy must allow it.',
  sftp: 'Below the user’s home, or an absolute path.',
  webdav: 'Below the address. It is made when it does not exist.',
  s3: 'The bucket’s name, then a folder: my-bucket/WT. The bucket must exist.',
  box: 'Below the account’s first folder. It is made when it does not exist.',
  drive: 'Below the drive’s first folder. It is made when it does not exist.',
  dropbox: 'Below the account’s first folder. It is made when it does not exist.',
  onedrive: 'Below the drive’s first folder. It is made when it does not exist.',
}

function folderHint(backend: Backend): string {
  if (!isGeneric(backend)) return folderHints[backend] ?? ''
  return {
    bucket: 'The name of the bucket, container or share, then a folder: my-bucket/WT.',
    absolute: 'Below where one lands after signing in, or an absolute path.',
    relative: 'Below the account’s first folder. It is made when it does not exist.',
  }[genericTables[backend].folder ?? 'relative']
}

/** Those with forms of their own first, then every other that rclone has. */
const kinds = [...ownBackends, ...friendlyGeneric, ...genericBackends.filter((name) => !friendlyGeneric.includes(name))]
const needsBucket = (backend: Backend) =>
  backend === 's3' || (isGeneric(backend) && genericTables[backend].folder === 'bucket')

/** Makes a remote, or changes `saved`; both can be tested before they are saved. */
export function RemoteForm({
  action,
  saved,
  workers,
  connections,
}: {
  action: FormAction
  saved?: RemoteFormValues
  workers: TestWorker[]
  connections: ConnectionChoice[]
}) {
  const [backend, setBackend] = useState<Backend>(saved?.backend ?? 'local')
  const options = saved ?? { options: {}, savedSecrets: [], connection: null, deletesForEver: false }
  return (
    <ActionForm action={action} className="max-w-3xl space-y-6">
      {saved && <input type="hidden" name="id" value={saved.id} />}
      <Card>
        <div className="space-y-5">
          {saved ? (
            <>
              <input type="hidden" name="slug" value={saved.slug} />
              <input type="hidden" name="backend" value={saved.backend} />
            </>
          ) : (
            <SelectField
              name="backend"
              label="Kind"
              value={backend}
              onChange={(event) => setBackend(event.target.value as Backend)}
              options={kinds.map((value) => ({ value, label: backendNames[value] }))}
            />
          )}
          <div className="grid gap-5 sm:grid-cols-2">
            <TextField name="name" label="Name" defaultValue={saved?.name} placeholder="Institute’s storage" />
            {!saved && (
              <TextField
                name="slug"
                label="Slug"
                placeholder="institute-storage"
                spellCheck={false}
                description="Short and fixed for ever: a-z, 0-9 and hyphens."
              />
            )}
          </div>
          <BackendFields key={backend} backend={backend} saved={options} connections={connections} workers={workers} />
          <BaseFolderField
            key={`folder-${backend}`}
            initial={saved?.baseFolder ?? (backend === 'local' || needsBucket(backend) ? '' : 'WT')}
            isAbsolute={backend === 'local'}
            placeholder={backend === 'local' ? '/mnt/backups/WT' : needsBucket(backend) ? 'my-bucket/WT' : 'WT'}
            description={`${folderHint(backend)} Each instance gets a folder of its own below it.`}
          />
          {saved?.inUse && (
            <CheckboxField
              name="confirmedMove"
              label="The backups were moved along"
              description="Needed only when host, address or base folder change: Talekeeper then looks for all backups at the new place."
            />
          )}
        </div>
      </Card>
      <LimitFields key={`limits-${backend}`} backend={backend} saved={saved?.limits} />
      <KeeperFields key={`keeper-${backend}`} backend={backend} saved={saved?.keeper ?? false} />
      {!saved && <CryptFields />}
      <RemoteTest workers={workers} />
      <SubmitButton>{saved ? 'Save changes' : 'Add remote'}</SubmitButton>
    </ActionForm>
  )
}
