import { genericBackends, genericTables } from '@/protocol/generic-backends'
import type { Backend } from '@/protocol/remotes'

/** What people call the backends. */
export const backendNames = {
  local: 'Local folder',
  sftp: 'SFTP',
  webdav: 'WebDAV',
  s3: 'S3-compatible',
  box: 'Box',
  drive: 'Google Drive',
  dropbox: 'Dropbox',
  onedrive: 'OneDrive',
  ...Object.fromEntries(genericBackends.map((backend) => [backend, genericTables[backend].name])),
} as Record<Backend, string>
