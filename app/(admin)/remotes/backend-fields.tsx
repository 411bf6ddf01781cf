'use client'

import { SelectField, TextField } from '@/components/form/fields'
import type { ConnectionChoice } from '@/core/remotes/list-connection-choices'
import { isGeneric } from '@/protocol/advanced-options'
import type { Backend } from '@/protocol/remotes'
import { AdvancedFields } from './advanced-fields'
import { ConnectionFields, type SavedConnection } from './connection-fields'
import { GeneratedFields } from './generated-fields'
import type { TestWorker } from './remote-test'
import { HostKeyField } from './host-key-field'
import { SecretField, SecretTextarea } from './secret-fields'

export type SavedOptions = { options: Record<string, string>; savedSecrets: string[] }

/** The fields that one backend needs; secrets are always empty, and stay as they are when left so. */
export function BackendFields({
  backend,
  saved,
  connections,
  workers,
}: {
  backend: Backend
  saved: SavedOptions & SavedConnection
  connections: ConnectionChoice[]
  workers: TestWorker[]
}) {
  if (isGeneric(backend)) return <GeneratedFields backend={backend} saved={saved} workers={workers} />
  return (
    <>
      {backend === 'sftp' && <SftpFields {...saved} />}
      {backend === 'webdav' && <WebdavFields {...saved} />}
      {backend === 's3' && <S3Fields {...saved} />}
      {(backend === 'box' || backend === 'drive' || backend === 'dropbox' || backend === 'onedrive') && (
        <ConnectionFields backend={backend} saved={saved} connections={connections} />
      )}
      {backend !== 'local' && <AdvancedFields backend={backend} saved={saved} workers={workers} />}
    </>
  )
}

const twoColumns = 'grid gap-5 sm:grid-cols-2'

function SftpFields({ options, savedSecrets }: SavedOptions) {
  return (
    <>
      <div className={twoColumns}>
        <TextField name="host" label="Host" defaultValue={options.host} placeholder="backup.example.org" />
        <TextField name="port" label="Port" defaultValue={options.port ?? '22'} inputMode="numeric" />
      </div>
      <TextField name="user" label="User" defaultValue={options.user} />
      <HostKeyField saved={options.host_key} />
      <SecretField name="pass" label="Password" saved={savedSecrets} />
      <SecretTextarea
        name="key_pem"
        label="Private key"
        saved={savedSecrets}
        placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
        description="Without a passphrase; a key made for this purpose alone is best."
      />
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

/** Further providers that rclone knows by name, as of 1.60. */
const others = [
  'Alibaba',
  'ArvanCloud',
  'ChinaMobile',
  'Cloudflare',
  'DigitalOcean',
  'Dreamhost',
  'HuaweiOBS',
  'IBMCOS',
]
  .concat([
    'IDrive',
    'IONOS',
    'LyveCloud',
    'Netease',
    'Qiniu',
    'RackCorp',
    'Scaleway',
    'SeaweedFS',
    'StackPath',
    'Storj',
  ])
  .concat(['TencentCOS'])

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
            ...others.map((value) => ({ value, label: value })),
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
