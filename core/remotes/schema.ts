import { z } from 'zod'
import { allowedOptions, isGeneric } from '@/protocol/advanced-options'
import { type GenericBackend, genericBackends, genericTables } from '@/protocol/generic-backends'
import { displayNameSchema, slugSchema } from '@/protocol/names'
import {
  type Backend,
  backendOptionsSchemas,
  bandwidthSchema,
  hostSchema,
  baseFolderSchema,
  cryptSchema,
  type OwnBackend,
  withAllowed,
} from '@/protocol/remotes'

/** What the remote form sends, and what may be saved. Secrets are separate from the rest: they go in and never come out. */

const blankIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' && value.trim() === '' ? undefined : value), schema.optional())

const hostKeyPattern = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]{40,}={0,2})$/

/** Takes the output of `ssh-keyscan` as it is pasted: comments and the host's name in front of each key are dropped. */
const hostKeySchema = z
  .string()
  .max(16_384)
  .transform((text) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => /(?:ssh-|ecdsa-)\S+ \S+/.exec(line)?.[0] ?? line)
      .join('\n'),
  )
  .refine(
    (text) => text !== '',
    'Paste the server’s host key, as ssh-keyscan prints it. Without it anybody could pose as the server.',
  )
  .refine(
    (text) => text.split('\n').every((line) => hostKeyPattern.test(line)),
    'Each line is a key type and the key, such as “ssh-ed25519 AAAA…”.',
  )

const privateKeySchema = z
  .string()
  .max(16_384, 'That is too long for a private key.')
  .transform((text) => `${text.replace(/\r\n/g, '\n').trim()}\n`)
  .refine(
    (text) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+-----END [A-Z ]*PRIVATE KEY-----\n$/.test(text),
    'Paste the whole private key, from the BEGIN line to the END line.',
  )
  .refine((text) => !text.includes('ENCRYPTED'), 'Use a key without a passphrase: nobody is there at night to type it.')

const webAddress = z
  .url({ protocol: /^https?$/, error: 'Enter an address that begins with https:// or http://.' })
  .max(2048)
  // this field is shown again
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
    'Leave user and password out of the address; they have fields of their own.',
  )
const required = (text: string, limit: number) => z.string().trim().min(1, text).max(limit)

/** Options that may be shown, per backend that has settings of its own, in the words of the form. */
const plainOptionsSchemas = {
  local: z.strictObject({}),
  sftp: backendOptionsSchemas.sftp.omit({ pass: true, key_pem: true }).extend({
    host: required('Enter a host name or address.', 255).pipe(hostSchema),
    port: z.preprocess(
      (value) => (value === '' || value === undefined ? '22' : value),
      backendOptionsSchemas.sftp.shape.port,
    ),
    user: required('Enter the user to sign in as.', 255),
    host_key: hostKeySchema,
  }),
  webdav: backendOptionsSchemas.webdav
    .omit({ pass: true })
    .extend({ url: webAddress, user: blankIsAbsent(z.string().trim().max(255)) }),
  s3: backendOptionsSchemas.s3.omit({ secret_access_key: true }).extend({
    endpoint: blankIsAbsent(webAddress),
    region: blankIsAbsent(z.string().trim().max(64)),
    access_key_id: required('Enter the access key’s id.', 255),
    force_path_style: blankIsAbsent(z.enum(['true', 'false'])),
  }),
  box: z.strictObject({ root_folder_id: blankIsAbsent(backendOptionsSchemas.box.shape.root_folder_id.unwrap()) }),
  drive: z.strictObject({
    root_folder_id: blankIsAbsent(backendOptionsSchemas.drive.shape.root_folder_id.unwrap()),
    team_drive: blankIsAbsent(backendOptionsSchemas.drive.shape.team_drive.unwrap()),
  }),
  dropbox: backendOptionsSchemas.dropbox,
  onedrive: backendOptionsSchemas.onedrive,
} as const

/** New values of secret options; one that is absent keeps what is saved. */
const secretOptionsSchemas = {
  local: z.strictObject({}),
  sftp: z.strictObject({ pass: blankIsAbsent(z.string().max(1024)), key_pem: blankIsAbsent(privateKeySchema) }),
  webdav: z.strictObject({ pass: blankIsAbsent(z.string().max(1024)) }),
  s3: z.strictObject({ secret_access_key: blankIsAbsent(z.string().trim().max(1024)) }),
  box: z.strictObject({}),
  drive: z.strictObject({}),
  dropbox: z.strictObject({}),
  onedrive: z.strictObject({}),
} as const

const relativeFolder = baseFolderSchema.refine(
  (folder) => !folder.startsWith('/'),
  'Enter a folder without a slash in front.',
)
const baseFolders = {
  local: baseFolderSchema.refine((folder) => folder.startsWith('/'), 'Enter an absolute path, starting with /.'),
  sftp: baseFolderSchema,
  webdav: relativeFolder,
  s3: relativeFolder.refine(
    (folder) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/|$)/.test(folder),
    'Begin with the bucket’s name, such as “my-bucket/WT”.',
  ),
  box: relativeFolder,
  drive: relativeFolder,
  dropbox: relativeFolder,
  onedrive: relativeFolder,
} as const

const connectionId = z.uuid({ error: 'Choose a connection.' })

const cryptText = (text: string) => z.string().trim().min(1, text).max(1024)

/** How the base folder is to be encrypted; keys are the form's fields. Cannot be changed later. */
const cryptInputSchema = z
  .object({
    cryptPassword: cryptText('Enter the password.'),
    cryptSalt: blankIsAbsent(z.string().trim().max(1024)),
    cryptNames: cryptSchema.shape.names,
    cryptFolders: z.enum(['true', 'false']).default('true'),
    cryptEncoding: cryptSchema.shape.encoding,
    cryptSaved: z.literal('on', {
      error: 'Save the text first, then tick this: nobody can read the backups without it.',
    }),
  })
  .transform((form) => ({
    password: form.cryptPassword,
    password2: form.cryptSalt,
    settings: { names: form.cryptNames, folders: form.cryptFolders === 'true', encoding: form.cryptEncoding },
  }))

const numberField = (schema: z.ZodType<number>) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? null : typeof value === 'string' ? Number(value) : value),
    schema.nullable(),
  )
const mebibyte = 1024 * 1024

/** Limits as the form has them; keys are its fields. Empty: none. */
const limitsInputSchema = z
  .object({
    limitBandwidth: z.preprocess((value) => (value === '' ? null : value), bandwidthSchema.nullable().default(null)),
    limitTransfers: numberField(z.int('Enter a whole number.').min(1).max(32)),
    limitCalls: numberField(z.number('Enter a number.').min(0.1).max(1000)),
    limitAttempts: numberField(z.int('Enter a whole number.').min(1).max(30)),
    limitPartMebibytes: numberField(z.int('Enter a whole number.').min(2, 'At least 2 MiB.').max(1_000_000)),
  })
  .transform((form) => ({
    bandwidth: form.limitBandwidth,
    transfers: form.limitTransfers,
    callsPerSecond: form.limitCalls,
    attempts: form.limitAttempts,
    largestPartBytes: form.limitPartMebibytes === null ? null : form.limitPartMebibytes * mebibyte,
  }))

/** Of every kind of remote. */
const common = {
  slug: slugSchema,
  name: displayNameSchema,
  /** saved secrets to forget */
  forget: z.array(z.string().max(40)).max(10).default([]),
  /** of a new remote that is to be encrypted */
  crypt: cryptInputSchema.optional(),
  limits: limitsInputSchema.optional(),
  /** a second credential for deleting; empty: the saved one stays */
  keeper: z
    .record(z.string().max(80), z.string().max(16_384))
    .transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== '')))
    .optional(),
  forgetKeeper: z.boolean().optional(),
  /** of Box */
  deletesForEver: z.boolean().optional(),
}

const inputOf = <B extends OwnBackend>(backend: B) =>
  z.object({
    ...common,
    backend: z.literal(backend),
    /** of backends that have one */
    connectionId: connectionId.optional(),
    baseFolder: baseFolders[backend],
    options: withAllowed(backend, plainOptionsSchemas[backend], 'plain'),
    secrets: withAllowed(backend, secretOptionsSchemas[backend], 'secret'),
  })

const genericFolders = {
  relative: relativeFolder,
  absolute: baseFolderSchema,
  bucket: relativeFolder.refine(
    (folder) => folder.split('/')[0] !== '',
    'Begin with the name of the bucket, container or share, such as “my-bucket/WT”.',
  ),
}

const genericInput = (backend: GenericBackend) =>
  z.object({
    ...common,
    backend: z.literal(backend),
    connectionId: z.undefined().optional(),
    baseFolder: genericFolders[genericTables[backend].folder ?? 'relative'],
    options: withAllowed(backend, z.object({}), 'plain'),
    secrets: withAllowed(backend, z.object({}), 'secret'),
  })

export const remoteInputSchema = z.discriminatedUnion('backend', [
  inputOf('local'),
  inputOf('sftp'),
  inputOf('webdav'),
  inputOf('s3'),
  inputOf('box').extend({ connectionId }),
  inputOf('drive').extend({ connectionId }),
  inputOf('dropbox').extend({ connectionId }),
  inputOf('onedrive').extend({ connectionId }),
  ...genericBackends.map(genericInput),
])
export type RemoteInput = z.infer<typeof remoteInputSchema>

/** Names of the form's fields, by what becomes of them: shown again, or sealed. */
export function optionNames(backend: Backend): { plain: string[]; secret: string[] } {
  const { plain, secret, password } = allowedOptions[backend]
  if (isGeneric(backend)) return { plain: [...plain], secret: [...secret, ...password] }
  return {
    plain: [...Object.keys(plainOptionsSchemas[backend].shape), ...plain],
    secret: [...Object.keys(secretOptionsSchemas[backend].shape), ...secret, ...password],
  }
}
