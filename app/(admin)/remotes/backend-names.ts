import type { Backend } from '@/protocol/remotes'

/** What people call the backends. */
export const backendNames: Record<Backend, string> = {
  local: 'Local folder',
  sftp: 'SFTP',
  webdav: 'WebDAV',
  s3: 'S3-compatible',
  box: 'Box',
  drive: 'Google Drive',
  dropbox: 'Dropbox',
  onedrive: 'OneDrive',
}
