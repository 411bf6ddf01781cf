'use client'

import { CheckboxField, SelectField, TextareaField, TextField } from '@/components/form/fields'
import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'
import type { Backend } from '@/protocol/remotes'
import { ConnectionFields, type SavedConnection } from './connection-fields'
import { forgetPrefix } from './forget-prefix'

export type SavedOptions = { options: Record<string, string>; savedSecrets: string[] }

/** The fields that one backend needs; secrets are always empty, and stay as they are when left so. */
export function BackendFields({
  backend,
  saved,
  connections,
}: {
  backend: Backend
  saved: SavedOptions & SavedConnection
  connections: ConnectionChoice[]
}) {
  if (backend === 'sftp') return <SftpFields {...saved} />
  if (backend === 'webdav') return <WebdavFields {...saved} />
  if (backend === 's3') return <S3Fields {...saved} />
  if (backend === 'local') return null
  return <ConnectionFields key={backend} backend={backend} saved={saved} connections={connections} />
}

const keep = 'Saved. Leave empty to keep it.'
const twoColumns = 'grid gap-5 sm:grid-cols-2'

function SftpFields({ options, savedSecrets }: SavedOptions) {
  return (
    <>
      <div className={twoColumns}>
        <TextField name="host" label="Host" defaultValue={options.host} placeholder="backup.example.org" />
        <TextField name="port" label="Port" defaultValue={options.port ?? '22'} inputMode="numeric" />
      </div>
      <TextField name="user" label="User" defaultValue={options.user} />
      <TextareaField
        name="host_key"
        label="Host key of the server"
        defaultValue={options.host_key}
        placeholder="ssh-ed25519 AAAA…"
        spellCheck={false}
        className="font-mono"
        description={
          <>
            Paste what <code className="font-mono">ssh-keyscan HOST</code> prints, and compare it with what the server’s
            administrator tells you. A server with another key is refused.
          </>
        }
      />
      <SecretField name="pass" label="Password" saved={savedSecrets} />
      <SecretTextarea saved={savedSecrets} />
    </>
  )
}

function WebdavFields({ options, savedSecrets }: SavedOptions) {
  return (
    <>
      <TextField
        name="url"
        label="Address"
        type="url"
        defaultValue={options.url}
        placeholder="https://cloud.example.org/remote.php/dav/files/backup"
      />
      <SelectField
        name="vendor"
        label="Server"
        defaultValue={options.vendor ?? 'nextcloud'}
        options={[
          { value: 'nextcloud', label: 'Nextcloud' },
          { value: 'owncloud', label: 'ownCloud' },
          { value: 'sharepoint', label: 'SharePoint' },
          { value: 'other', label: 'Another WebDAV server' },
        ]}
      />
      <TextField name="user" label="User" optional defaultValue={options.user} />
      <SecretField name="pass" label="Password" saved={savedSecrets} />
    </>
  )
}

function S3Fields({ options, savedSecrets }: SavedOptions) {
  return (
    <>
      <div className={twoColumns}>
        <SelectField
          name="provider"
          label="Provider"
          defaultValue={options.provider ?? 'Other'}
          options={[
            { value: 'AWS', label: 'Amazon S3' },
            { value: 'Ceph', label: 'Ceph' },
            { value: 'Minio', label: 'MinIO' },
            { value: 'Wasabi', label: 'Wasabi' },
            { value: 'Other', label: 'Another S3-compatible one' },
          ]}
        />
        <TextField name="region" label="Region" optional defaultValue={options.region} placeholder="us-east-1" />
      </div>
      <TextField
        name="endpoint"
        label="Endpoint"
        type="url"
        optional
        defaultValue={options.endpoint}
        placeholder="https://s3.example.org"
        description="Empty for Amazon S3."
      />
      <SelectField
        name="force_path_style"
        label="Bucket in the address"
        defaultValue={options.force_path_style ?? ''}
        options={[
          { value: '', label: 'As the provider has it' },
          { value: 'true', label: 'As a path: s3.example.org/bucket' },
          { value: 'false', label: 'As a host name: bucket.s3.example.org' },
        ]}
      />
      <TextField name="access_key_id" label="Access key id" defaultValue={options.access_key_id} spellCheck={false} />
      <SecretField name="secret_access_key" label="Secret access key" saved={savedSecrets} required />
    </>
  )
}

function SecretField({
  name,
  label,
  saved,
  required = false,
}: {
  name: string
  label: string
  saved: string[]
  required?: boolean
}) {
  const isSaved = saved.includes(name)
  return (
    <div className="space-y-2.5">
      <TextField
        name={name}
        label={label}
        type="password"
        optional={!required && !isSaved}
        autoComplete="new-password"
        placeholder={isSaved ? '••••••••' : undefined}
        description={isSaved ? keep : undefined}
      />
      {isSaved && !required && (
        <CheckboxField name={`${forgetPrefix}${name}`} label={`Forget the saved ${label.toLowerCase()}`} />
      )}
    </div>
  )
}

function SecretTextarea({ saved }: { saved: string[] }) {
  const isSaved = saved.includes('key_pem')
  return (
    <div className="space-y-2.5">
      <TextareaField
        name="key_pem"
        label="Private key"
        optional={!isSaved}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
        placeholder={isSaved ? '••••••••' : '-----BEGIN OPENSSH PRIVATE KEY-----'}
        description={isSaved ? keep : 'Without a passphrase; a key made for this purpose alone is best.'}
      />
      {isSaved && <CheckboxField name={`${forgetPrefix}key_pem`} label="Forget the saved private key" />}
    </div>
  )
}
