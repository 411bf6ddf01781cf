import type { Backend } from './remotes'

/**
 * By backend, the options that make up a credential. A second one, the keeper, takes their place when backups are deleted; a
 * backend that is not here signs in by a connection, or has no rights apart from each other.
 */
export const keeperOptions: Partial<Record<Backend, { plain: readonly string[]; secret: readonly string[] }>> = {
  sftp: { plain: ['user'], secret: ['pass', 'key_pem'] },
  webdav: { plain: ['user'], secret: ['pass', 'bearer_token'] },
  s3: { plain: ['access_key_id'], secret: ['secret_access_key'] },
  b2: { plain: ['account'], secret: ['key'] },
  azureblob: { plain: [], secret: ['key', 'sas_url', 'connection_string'] },
  gcs: { plain: [], secret: ['service_account_credentials'] },
  swift: { plain: ['user'], secret: ['key'] },
  ftp: { plain: ['user'], secret: ['pass'] },
  smb: { plain: ['user'], secret: ['pass'] },
}
