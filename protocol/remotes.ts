import { z } from 'zod'
import { idSchema } from './names'

/** An id of a folder or drive, as the providers make them. */
const providerId = z.string().regex(/^[A-Za-z0-9_!.-]{1,128}$/)

/**
 * The rclone backends a remote may have, each with the only options that are passed on. Everything else that rclone knows
 * (options that run programs or read files of the host among them) is refused on both sides, because these objects are strict.
 * Keys are rclone's own option names; `secret` ones are sealed in the database and never shown again.
 */
export const backendOptionsSchemas = {
  local: z.strictObject({}),
  sftp: z.strictObject({
    host: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[A-Za-z0-9._:-]+$/, 'Enter a host name or address.'),
    port: z
      .string()
      .regex(/^\d{1,5}$/)
      .refine((port) => Number(port) >= 1 && Number(port) <= 65535, 'A port is between 1 and 65535.'),
    user: z.string().min(1).max(255),
    /** one or more lines of `ssh-keyscan`, without the host name: `ssh-ed25519 AAAA…` */
    host_key: z.string().min(1).max(8192),
    pass: z.string().max(1024).optional(),
    key_pem: z.string().max(16384).optional(),
  }),
  webdav: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).max(2048),
    vendor: z.enum(['nextcloud', 'owncloud', 'sharepoint', 'other']),
    user: z.string().max(255).optional(),
    pass: z.string().max(1024).optional(),
  }),
  s3: z.strictObject({
    provider: z.enum(['AWS', 'Ceph', 'Minio', 'Wasabi', 'Other']),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .optional(),
    region: z.string().max(64).optional(),
    access_key_id: z.string().min(1).max(255),
    secret_access_key: z.string().min(1).max(1024),
    force_path_style: z.enum(['true', 'false']).optional(),
  }),
  box: z.strictObject({
    root_folder_id: z
      .string()
      .regex(/^\d{1,20}$/)
      .optional(),
  }),
  drive: z.strictObject({ root_folder_id: providerId.optional(), team_drive: providerId.optional() }),
  dropbox: z.strictObject({}),
  onedrive: z.strictObject({ drive_id: providerId, drive_type: z.enum(['personal', 'business', 'documentLibrary']) }),
} as const

export const backends = ['local', 'sftp', 'webdav', 's3', 'box', 'drive', 'dropbox', 'onedrive'] as const
export const backendSchema = z.enum(backends)
export type Backend = z.infer<typeof backendSchema>

/** Options that are secrets: sealed at rest, and handed to rclone by environment only. */
export const secretOptions: Record<Backend, readonly string[]> = {
  local: [],
  sftp: ['pass', 'key_pem'],
  webdav: ['pass'],
  s3: ['secret_access_key'],
  box: [],
  drive: [],
  dropbox: [],
  onedrive: [],
}

/**
 * What a worker's rclone shows to the token broker, as if that were the provider: OAuth's refresh at `tokenUrl`, signed with `id`
 * and `secret`. It ends with the run, and no token of the provider is in it.
 */
const accessSchema = z.object({
  tokenUrl: z.url({ protocol: /^https?$/ }).max(2048),
  id: idSchema,
  secret: z.string().min(20).max(200),
})
export type Access = z.infer<typeof accessSchema>

/** Base folder on the remote, in rclone's words: absolute for `local`, `bucket/folder` for S3. No `..`. */
export const baseFolderSchema = z
  .string()
  .min(1, 'Enter a base folder.')
  .max(1024)
  .regex(/^[^\p{Cc}]*$/u, 'A folder cannot contain control characters.')
  .refine(
    (folder) =>
      folder
        .replace(/^\//, '')
        .split('/')
        .every((segment) => segment !== '' && segment !== '.' && segment !== '..'),
    'A base folder cannot contain "..", "." or empty segments, nor end with a slash.',
  )

const common = { id: idSchema, baseFolder: baseFolderSchema }
/** `access` is null until the run is handed out */
const connected = { ...common, connectionId: idSchema, access: accessSchema.nullable().default(null) }
export const remoteSchema = z.discriminatedUnion('backend', [
  z.object({ ...common, backend: z.literal('local'), options: backendOptionsSchemas.local }),
  z.object({ ...common, backend: z.literal('sftp'), options: backendOptionsSchemas.sftp }),
  z.object({ ...common, backend: z.literal('webdav'), options: backendOptionsSchemas.webdav }),
  z.object({ ...common, backend: z.literal('s3'), options: backendOptionsSchemas.s3 }),
  z.object({ ...connected, backend: z.literal('box'), options: backendOptionsSchemas.box }),
  z.object({ ...connected, backend: z.literal('drive'), options: backendOptionsSchemas.drive }),
  z.object({ ...connected, backend: z.literal('dropbox'), options: backendOptionsSchemas.dropbox }),
  z.object({ ...connected, backend: z.literal('onedrive'), options: backendOptionsSchemas.onedrive }),
])
export type Remote = z.infer<typeof remoteSchema>

/** How a part is checked on the remote after its upload. `hash` falls back to `read back` where the backend has no hash of ours. */
export const partCheckSchema = z.enum(['hash', 'read back', 'size'])
export type PartCheck = z.infer<typeof partCheckSchema>

/** A hash that the remote itself tells of a file, with its type in rclone's words: it costs nothing to ask for again. */
export const remoteHashSchema = z.string().regex(/^(?:sha256|sha1|md5):[0-9a-f]{32,64}$/)

/** Backends that store a hash beside each file; others would read the whole file to tell it. */
export const hashKeepingBackends: readonly Backend[] = ['webdav', 's3', 'box', 'drive']
