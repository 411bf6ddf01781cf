import { z } from 'zod'
import { allowedOptions } from './advanced-options'
import { type GenericBackend, genericBackends, genericTables } from './generic-backends'
import { idSchema } from './names'
import { refusalReason } from './option-refusals'

/** An id of a folder or drive, as the providers make them. */
const providerId = z.string().regex(/^[A-Za-z0-9_!.-]{1,128}$/)

/** Never taken for an option of a program: it begins with no hyphen. */
export const hostSchema = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[A-Za-z0-9._:][A-Za-z0-9._:-]*$/, 'Enter a host name or address.')
export const portSchema = z
  .string()
  .regex(/^\d{1,5}$/)
  .refine((port) => Number(port) >= 1 && Number(port) <= 65535, 'A port is between 1 and 65535.')

/**
 * The rclone backends with settings of their own. Beside these options, only those of protocol/advanced-options.ts are passed on,
 * and a generic backend has nothing but those of protocol/generic-backends.ts. Everything else that rclone knows (options that
 * run programs or read files of the host among them) is refused on both sides.
 * Keys are rclone's own option names; `secret` ones are sealed in the database and never shown again.
 */
export const backendOptionsSchemas = {
  local: z.strictObject({}),
  sftp: z.strictObject({
    host: hostSchema,
    port: portSchema,
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
    /** as rclone writes them: AWS, Ceph, Minio, Wasabi, Other and some thirty more */
    provider: z.string().regex(/^[A-Za-z0-9]{1,40}$/),
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

/** rclone's backends that have settings of their own here. */
export const ownBackends = ['local', 'sftp', 'webdav', 's3', 'box', 'drive', 'dropbox', 'onedrive'] as const
export const backends = [...ownBackends, ...genericBackends] as const
export const backendSchema = z.enum(backends)
export type Backend = z.infer<typeof backendSchema>

export type OwnBackend = (typeof ownBackends)[number]

const ownSecrets: Record<OwnBackend, readonly string[]> = {
  local: [],
  sftp: ['pass', 'key_pem'],
  webdav: ['pass'],
  s3: ['secret_access_key'],
  box: [],
  drive: [],
  dropbox: [],
  onedrive: [],
}

/** Options that are secrets: sealed at rest, and handed to rclone by environment only. */
export function secretOptions(backend: Backend): string[] {
  const { secret, password } = allowedOptions[backend]
  return [...(backend in ownSecrets ? ownSecrets[backend as OwnBackend] : []), ...secret, ...password]
}

/** Secrets that rclone wants obscured. */
export function obscuredOptions(backend: Backend): readonly string[] {
  return backend === 'sftp' || backend === 'webdav' ? ['pass'] : allowedOptions[backend].password
}

/** Value of an option without a schema of its own. Line breaks are for key files in JSON only. */
const optionValueSchema = z
  .string()
  .max(16_384)
  .regex(/^[^\p{Cc}]*$|^\s*\{[\s\S]*\}\s*$/u, 'This holds control characters.')

/** A Google key file of another type than this one may name programs to run, or files to read. */
const serviceAccountSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not the JSON of a key file.' })
      return z.NEVER
    }
  })
  .pipe(z.looseObject({ type: z.literal('service_account', { error: 'Only the key of a service account is taken.' }) }))

/**
 * Adds to a backend's options those that may be set besides: of one kind, or all. Each other one is an issue at its own path
 * that says why it is refused.
 */
export function withAllowed<Shape extends z.ZodRawShape>(
  backend: Backend,
  schema: z.ZodObject<Shape>,
  kind?: 'plain' | 'secret',
) {
  const { plain, secret, password } = allowedOptions[backend]
  const names =
    kind === 'plain' ? plain : kind === 'secret' ? [...secret, ...password] : [...plain, ...secret, ...password]
  return schema.catchall(z.string()).superRefine((options, context) => {
    for (const [name, value] of Object.entries(options)) {
      if (Object.hasOwn(schema.shape, name) || value === undefined) continue
      const issue = (message: string) => context.addIssue({ code: 'custom', path: [name], message })
      if (!names.includes(name)) issue(`The option ${name} ${refusalReason(name)}.`)
      for (const fault of optionValueSchema.safeParse(value).error?.issues ?? []) issue(fault.message)
      if (name !== 'service_account_credentials' || value === '') continue
      for (const fault of serviceAccountSchema.safeParse(value).error?.issues ?? []) issue(fault.message)
    }
  })
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

/** How rclone's `crypt` hides what lies in the base folder: its passwords, and what becomes of the names. Fixed for ever. */
export const cryptSchema = z.object({
  password: z.string().min(1).max(1024),
  /** the salt; absent: rclone's own */
  password2: z.string().max(1024).optional(),
  names: z.enum(['standard', 'obfuscate', 'off']),
  /** whether names of folders are encrypted too */
  folders: z.boolean(),
  encoding: z.enum(['base32', 'base64', 'base32768']).default('base32'),
})
export type Crypt = z.infer<typeof cryptSchema>

const ratePattern = '(?:off|\\d{1,6}(?:\\.\\d{1,3})?[BKMG])'
const ratesPattern = `${ratePattern}(?::${ratePattern})?`
const timePattern = '(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)-)?(?:[01]\\d|2[0-3]):[0-5]\\d'

/** rclone's --bwlimit, as far as it is unmistakable: a rate for all day, or a timetable of rates. Bytes a second. */
export const bandwidthSchema = z
  .string()
  .trim()
  .max(500)
  .transform((text) => text.replaceAll(/\s+/g, ' '))
  .refine(
    (text) =>
      new RegExp(`^(?:${ratesPattern}|${timePattern},${ratesPattern}(?: ${timePattern},${ratesPattern})*)$`, 'i').test(
        text,
      ),
    'Enter a rate such as 10M, or a timetable such as “08:00,2M 19:00,20M 23:00,off”.',
  )

/** What a remote, or its owner, can bear. */
export const limitsSchema = z.object({
  bandwidth: bandwidthSchema.nullable().default(null),
  /** uploads, or pieces of one, at the same time */
  transfers: z.int().min(1).max(32).nullable().default(null),
  callsPerSecond: z.number().min(0.1).max(1000).nullable().default(null),
  /** how often a call is tried in all that fails for a reason that may pass */
  attempts: z.int().min(1).max(30).nullable().default(null),
  /** no part is larger */
  largestPartBytes: z
    .int()
    .min(2 * 1024 * 1024)
    .nullable()
    .default(null),
})
export type RemoteLimits = z.infer<typeof limitsSchema>

const common = {
  id: idSchema,
  baseFolder: baseFolderSchema,
  crypt: cryptSchema.optional(),
  limits: limitsSchema.optional(),
}
/** `access` is null until the run is handed out */
const connected = { ...common, connectionId: idSchema, access: accessSchema.nullable().default(null) }
const generic = (backend: GenericBackend) =>
  z.object({ ...common, backend: z.literal(backend), options: withAllowed(backend, z.object({})) })

export const remoteSchema = z.discriminatedUnion('backend', [
  z.object({ ...common, backend: z.literal('local'), options: withAllowed('local', backendOptionsSchemas.local) }),
  z.object({ ...common, backend: z.literal('sftp'), options: withAllowed('sftp', backendOptionsSchemas.sftp) }),
  z.object({ ...common, backend: z.literal('webdav'), options: withAllowed('webdav', backendOptionsSchemas.webdav) }),
  z.object({ ...common, backend: z.literal('s3'), options: withAllowed('s3', backendOptionsSchemas.s3) }),
  z.object({
    ...connected,
    backend: z.literal('box'),
    options: withAllowed('box', backendOptionsSchemas.box),
    /** what is deleted is taken out of Box's trash too; absent: it stays there until Box removes it */
    deletesForEver: z.boolean().optional(),
  }),
  z.object({ ...connected, backend: z.literal('drive'), options: withAllowed('drive', backendOptionsSchemas.drive) }),
  z.object({
    ...connected,
    backend: z.literal('dropbox'),
    options: withAllowed('dropbox', backendOptionsSchemas.dropbox),
  }),
  z.object({
    ...connected,
    backend: z.literal('onedrive'),
    options: withAllowed('onedrive', backendOptionsSchemas.onedrive),
  }),
  ...genericBackends.map(generic),
])
export type Remote = z.infer<typeof remoteSchema>

/** How a part is checked on the remote after its upload. `hash` falls back to `read back` where the backend has no hash of ours. */
export const partCheckSchema = z.enum(['hash', 'read back', 'size'])
export type PartCheck = z.infer<typeof partCheckSchema>

/** A hash that the remote itself tells of a file, with its type in rclone's words: it costs nothing to ask for again. */
export const remoteHashSchema = z.string().regex(/^(?:sha256|sha1|md5):[0-9a-f]{32,64}$/)

/** Backends that store a hash beside each file; others would read the whole file to tell it. */
export const hashKeepingBackends: readonly Backend[] = [
  ...(['webdav', 's3', 'box', 'drive'] as const),
  ...genericBackends.filter((backend) => genericTables[backend].keepsHashes),
]
