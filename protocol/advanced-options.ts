import { type GenericBackend, genericBackends, genericTables } from './generic-backends'

/** Options of the backends with settings of their own that may be set besides those: `plain` ones are shown, others sealed. */
const advancedTables = {
  local: { plain: '' },
  sftp: {
    plain:
      'use_insecure_cipher disable_hashcheck path_override skip_links use_fstat disable_concurrent_reads disable_concurrent_writes idle_timeout chunk_size concurrency connections ciphers key_exchange macs encoding',
  },
  webdav: {
    plain:
      'pacer_min_sleep nextcloud_chunk_size owncloud_exclude_shares owncloud_exclude_mounts auth_redirect encoding',
    secret: 'bearer_token',
  },
  s3: {
    plain:
      'location_constraint acl server_side_encryption sse_kms_key_id storage_class bucket_acl requester_pays sse_customer_algorithm sse_customer_key_md5 upload_cutoff chunk_size max_upload_parts copy_cutoff disable_checksum upload_concurrency v2_auth use_dual_stack use_accelerate_endpoint use_arn_region leave_parts_on_error list_chunk list_version list_url_encode no_check_bucket no_head no_head_object disable_http2 directory_markers use_multipart_etag use_unsigned_payload use_presigned_request use_already_exists use_multipart_uploads use_accept_encoding_gzip use_data_integrity_protections use_x_id sign_accept_encoding might_gzip no_system_metadata encoding',
    secret: 'session_token sse_customer_key sse_customer_key_base64',
  },
  box: { plain: 'upload_cutoff commit_retries list_chunk owned_by encoding' },
  drive: {
    plain:
      'use_trash keep_revision_forever acknowledge_abuse chunk_size upload_cutoff list_chunk pacer_min_sleep pacer_burst disable_http2 stop_on_upload_limit stop_on_download_limit impersonate resource_key encoding',
  },
  dropbox: {
    plain: 'chunk_size impersonate root_namespace pacer_min_sleep batch_mode batch_size batch_timeout encoding',
  },
  onedrive: {
    plain: 'root_folder_id chunk_size list_chunk no_versions hard_delete hash_type av_override delta encoding',
  },
} as const

type Names = { plain: readonly string[]; secret: readonly string[]; password: readonly string[] }

const words = (text = '') => text.split(' ').filter(Boolean)
const toNames = (table: { plain: string; secret?: string; password?: string }): Names => ({
  plain: words(table.plain),
  secret: words(table.secret),
  password: words(table.password),
})

/**
 * By backend, the options that may be set and that no schema of protocol/remotes.ts names: all those of a generic backend, the
 * advanced ones of the others. `password` ones are obscured for rclone.
 */
export const allowedOptions = Object.fromEntries([
  ...Object.entries(advancedTables).map(([backend, table]) => [backend, toNames(table)]),
  ...genericBackends.map((backend) => [backend, toNames(genericTables[backend])]),
]) as Record<keyof typeof advancedTables | GenericBackend, Names>

/** Options of a generic backend that nothing works without. */
export function requiredOptions(backend: string): string[] {
  return isGeneric(backend) ? words(genericTables[backend].required) : []
}

export function isGeneric(backend: string): backend is GenericBackend {
  return backend in genericTables
}
