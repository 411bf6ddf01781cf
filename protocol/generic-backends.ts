/**
 * rclone's backends beyond those of protocol/remotes.ts that have settings of their own, each with the only options that are
 * passed on. Read out of `rclone config providers` of 1.60 and the documentation of 1.76. What is left out either runs programs
 * or reads files of the worker's host, takes its identity from there, renews OAuth tokens, or makes backups disappear from
 * listings. Backends that only wrap others, cannot be written, or rotate their sign-in are left out as a whole.
 */
type OptionTable = {
  /** what people call it */
  name: string
  /** may be shown */
  plain: string
  /** sealed, and handed to rclone as they are */
  secret?: string
  /** sealed, and handed to rclone obscured */
  password?: string
  /** nothing works without them */
  required?: string
  /** `bucket`: the base folder begins with the name of a bucket, container or share. `absolute`: it may begin with a slash */
  folder?: 'bucket' | 'absolute'
  /** keeps a hash beside each file that we can compute too */
  keepsHashes?: boolean
}

const transfer = 'chunk_size upload_cutoff upload_concurrency encoding'

export const genericBackends = [
  ...['azureblob', 'azurefiles', 'b2', 'drime', 'fichier', 'filefabric', 'filelu', 'filescom', 'ftp', 'gcs', 'gofile'],
  ...['hdfs', 'internetarchive', 'koofr', 'linkbox', 'mega', 'netstorage', 'opendrive', 'pcloud', 'pixeldrain'],
  ...[
    'premiumizeme',
    'protondrive',
    'putio',
    'qingstor',
    'quatrix',
    'seafile',
    'sia',
    'smb',
    'storj',
    'swift',
    'ulozto',
  ],
] as const
export type GenericBackend = (typeof genericBackends)[number]

export const genericTables: Record<GenericBackend, OptionTable> = {
  azureblob: {
    name: 'Azure Blob Storage',
    plain: `account tenant client_id endpoint ${transfer} copy_cutoff list_chunk access_tier archive_tier_delete disable_checksum public_access directory_markers no_check_container no_head_object delete_snapshots`,
    secret: 'key sas_url connection_string client_secret',
    required: 'account',
    folder: 'bucket',
    keepsHashes: true,
  },
  azurefiles: {
    name: 'Azure Files',
    plain: 'account share_name tenant client_id endpoint chunk_size upload_concurrency max_stream_size encoding',
    secret: 'key sas_url connection_string client_secret',
    required: 'share_name',
  },
  b2: {
    name: 'Backblaze B2',
    plain: `account hard_delete endpoint ${transfer} copy_cutoff disable_checksum download_url download_auth_duration lifecycle sse_customer_algorithm sse_customer_key_md5`,
    secret: 'key sse_customer_key sse_customer_key_base64',
    required: 'account key',
    folder: 'bucket',
    keepsHashes: true,
  },
  drime: {
    name: 'Drime',
    plain: `root_folder_id workspace_id list_chunk hard_delete ${transfer}`,
    secret: 'access_token',
    required: 'access_token',
  },
  fichier: {
    name: '1Fichier',
    plain: 'shared_folder cdn encoding',
    secret: 'api_key',
    password: 'file_password folder_password',
    required: 'api_key',
  },
  filefabric: {
    name: 'Enterprise File Fabric',
    plain: 'url root_folder_id encoding',
    secret: 'permanent_token',
    required: 'url permanent_token',
  },
  filelu: { name: 'FileLu', plain: 'upload_cutoff chunk_size encoding', secret: 'key', required: 'key' },
  filescom: { name: 'Files.com', plain: 'site username encoding', secret: 'api_key', password: 'password' },
  ftp: {
    name: 'FTP',
    plain:
      'host port user tls explicit_tls concurrency no_check_certificate disable_epsv disable_mlsd disable_utf8 writing_mdtm force_list_hidden idle_timeout close_timeout tls_cache_size disable_tls13 shut_timeout no_check_upload encoding',
    password: 'pass',
    required: 'host',
    folder: 'absolute',
  },
  gcs: {
    name: 'Google Cloud Storage',
    plain:
      'project_number user_project anonymous object_acl bucket_acl bucket_policy_only location storage_class directory_markers no_check_bucket endpoint encoding',
    secret: 'service_account_credentials',
    folder: 'bucket',
    keepsHashes: true,
  },
  gofile: {
    name: 'Gofile',
    plain: 'root_folder_id account_id list_chunk encoding',
    secret: 'access_token',
    required: 'access_token',
  },
  hdfs: { name: 'Hadoop (HDFS)', plain: 'namenode username encoding', required: 'namenode', folder: 'absolute' },
  internetarchive: {
    name: 'Internet Archive',
    plain: 'access_key_id item_derive endpoint front_endpoint item_metadata disable_checksum wait_archive encoding',
    secret: 'secret_access_key',
    folder: 'bucket',
  },
  koofr: {
    name: 'Koofr, Digi Storage',
    plain: 'provider endpoint user mountid setmtime encoding',
    password: 'password',
    required: 'user password',
    keepsHashes: true,
  },
  linkbox: { name: 'Linkbox', plain: 'email', secret: 'token', password: 'password' },
  mega: {
    name: 'Mega',
    plain: 'user hard_delete use_https encoding',
    password: 'pass',
    required: 'user pass',
  },
  netstorage: {
    name: 'Akamai NetStorage',
    plain: 'host account protocol',
    password: 'secret',
    required: 'host account secret',
  },
  opendrive: {
    name: 'OpenDrive',
    plain: 'username chunk_size access encoding',
    password: 'password',
    required: 'username password',
  },
  pcloud: {
    name: 'pCloud',
    plain: 'hostname root_folder_id username encoding',
    secret: 'token',
    password: 'password',
    required: 'token',
    keepsHashes: true,
  },
  pixeldrain: {
    name: 'Pixeldrain',
    plain: 'root_folder_id api_url',
    secret: 'api_key',
    required: 'api_key',
  },
  premiumizeme: { name: 'premiumize.me', plain: 'encoding', secret: 'api_key', required: 'api_key' },
  protondrive: {
    name: 'Proton Drive',
    plain: 'username original_file_size app_version replace_existing_draft enable_caching encoding',
    password: 'password otp_secret_key mailbox_password',
    required: 'username password',
  },
  putio: { name: 'Put.io', plain: 'encoding', secret: 'token', required: 'token' },
  qingstor: {
    name: 'QingCloud Object Storage',
    plain: `access_key_id endpoint zone connection_retries ${transfer}`,
    secret: 'secret_access_key',
    required: 'access_key_id secret_access_key',
    folder: 'bucket',
  },
  quatrix: {
    name: 'Quatrix',
    plain:
      'host effective_upload_time minimal_chunk_size maximal_summary_chunk_size hard_delete skip_project_folders encoding',
    secret: 'api_key',
    required: 'host api_key',
  },
  seafile: {
    name: 'Seafile',
    plain: 'url user 2fa library create_library encoding',
    secret: 'auth_token',
    password: 'pass library_key',
    required: 'url user',
  },
  sia: { name: 'Sia', plain: 'api_url encoding', password: 'api_password' },
  smb: {
    name: 'SMB (Windows share)',
    plain: 'host port user domain spn idle_timeout hide_special_share case_insensitive encoding',
    password: 'pass',
    required: 'host',
    folder: 'bucket',
  },
  storj: {
    name: 'Storj',
    plain: 'provider satellite_address',
    secret: 'access_grant api_key passphrase',
    folder: 'bucket',
  },
  swift: {
    name: 'OpenStack Swift',
    plain:
      'user auth user_id domain tenant tenant_id tenant_domain region storage_url application_credential_id application_credential_name auth_version endpoint_type storage_policy leave_parts_on_error fetch_until_empty_page partial_page_fetch_threshold chunk_size no_chunk no_large_objects use_segments_container encoding',
    secret: 'key auth_token application_credential_secret',
    folder: 'bucket',
    keepsHashes: true,
  },
  ulozto: {
    name: 'Uloz.to',
    plain: 'username root_folder_slug list_page_size encoding',
    secret: 'app_token',
    password: 'password',
    required: 'app_token',
  },
}
