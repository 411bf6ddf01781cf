import { reveal } from '@/lib/rclone-obscure'
import { refusalReason } from '@/protocol/option-refusals'
import { type Backend, backendSchema, obscuredOptions } from '@/protocol/remotes'
import type { ConfigSection } from '@/protocol/rclone-config'
import { optionNames } from './schema'

/** What a section would become, secrets in the clear: for the server alone. */
export type ReadSection = {
  name: string
  /** null: it cannot become a remote, and `lacks` says why */
  backend: Backend | null
  /** below which an alias or crypt section points; empty: it does not */
  folder: string
  options: Record<string, string>
  secrets: Record<string, string>
  /** passwords and settings as the form has them, without the tick that they are saved */
  crypt: Record<string, string> | null
  /** of a provider that has connections */
  token: { json: string; clientId: string; clientSecret: string } | null
  /** options that are left out, each with the reason */
  refused: string[]
  lacks: string[]
}

const deepest = 5
const prefixes: Record<string, string> = { 'google cloud storage': 'gcs' }
const wrappers = new Set(['union', 'combine', 'chunker', 'compress', 'hasher', 'cache', 'memory', 'http', 'archive'])
/** Of a sign-in, which becomes a connection of its own. */
const signInOptions = new Set(['token', 'client_id', 'client_secret', 'scope', 'auth_url', 'token_url'])
const connected = new Set(['box', 'drive', 'dropbox', 'onedrive'])

/** Reads one section, following alias and crypt down to what lies below them. */
export function readConfigSection(sections: ConfigSection[], name: string, depth = 0): ReadSection {
  const section = sections.find((one) => one.name === name)
  if (!section) return unusable(name, `It points to “${name}”, which is not in this file.`)
  if (depth > deepest) return unusable(name, 'It points to itself, or through too many others.')
  const { type = '', remote = '' } = section.options
  if (type === 'alias') return { ...below(sections, remote, depth), name }
  if (type === 'crypt') return encrypted(section, below(sections, remote, depth))
  const backend = backendSchema.safeParse(prefixes[type] ?? type)
  if (backend.success) return plainSection(section, backend.data)
  if (wrappers.has(type))
    return unusable(name, `rclone’s “${type}” stands before other remotes; import those themselves.`)
  return unusable(name, type === '' ? 'It has no type.' : `Talekeeper has no remotes of type “${type}”.`)
}

function below(sections: ConfigSection[], remote: string, depth: number): ReadSection {
  const colon = remote.indexOf(':')
  const path = (colon < 0 ? remote : remote.slice(colon + 1)).replace(/\/+$/, '')
  if (colon < 0) return { ...unusable('', ''), backend: 'local', lacks: [], folder: path }
  const read = readConfigSection(sections, remote.slice(0, colon), depth + 1)
  if (read.crypt && path !== '') return { ...read, lacks: [...read.lacks, 'It points into an encrypted one.'] }
  return { ...read, folder: [read.folder, path].filter(Boolean).join('/') }
}

function encrypted({ name, options }: ConfigSection, base: ReadSection): ReadSection {
  if (base.crypt) return { ...base, name, lacks: ['It encrypts what is encrypted already.'] }
  const password = reveal(options.password ?? '')
  const salt = options.password2 ? reveal(options.password2) : ''
  const known = new Set(['type', 'remote', 'password', 'password2', 'filename_encryption', 'directory_name_encryption'])
  return {
    ...base,
    name,
    crypt: {
      cryptPassword: password ?? '',
      cryptSalt: salt ?? '',
      cryptNames: options.filename_encryption ?? 'standard',
      cryptFolders: options.directory_name_encryption ?? 'true',
      cryptEncoding: options.filename_encoding ?? 'base32',
    },
    refused: [...base.refused, ...refusals(options, (option) => known.has(option) || option === 'filename_encoding')],
    lacks: [...base.lacks, ...(password === null || salt === null ? ['Its passwords cannot be read.'] : [])],
  }
}

function plainSection({ name, options: given }: ConfigSection, backend: Backend): ReadSection {
  const names = optionNames(backend)
  const options: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  const lacks: string[] = []
  for (const [option, value] of Object.entries(given)) {
    if (value === '') continue
    if (names.plain.includes(option)) options[option] = value
    if (!names.secret.includes(option)) continue
    const clear = obscuredOptions(backend).includes(option) ? reveal(value) : value
    if (clear === null) lacks.push(`The secret “${option}” cannot be read.`)
    // rclone writes a PEM in one line
    else secrets[option] = option === 'key_pem' ? clear.replaceAll('\\n', '\n') : clear
  }
  const isSignIn = (option: string) => connected.has(backend) && signInOptions.has(option)
  const isKnown = (option: string) =>
    option === 'type' || names.plain.includes(option) || names.secret.includes(option) || isSignIn(option)
  return {
    ...{ name, backend, folder: '', options, secrets, crypt: null, lacks },
    token:
      connected.has(backend) && given.token
        ? { json: given.token, clientId: given.client_id ?? '', clientSecret: given.client_secret ?? '' }
        : null,
    refused: refusals(given, isKnown),
  }
}

/** An option that is off is as good as absent. */
function refusals(options: Record<string, string>, isKnown: (option: string) => boolean): string[] {
  return Object.entries(options)
    .filter(([option, value]) => !isKnown(option) && value !== '' && value !== 'false' && option !== 'description')
    .map(([option]) => `${option} ${refusalReason(option)}`)
}

function unusable(name: string, reason: string): ReadSection {
  return {
    ...{ name, backend: null, folder: '', options: {}, secrets: {}, crypt: null, token: null, refused: [] },
    lacks: reason === '' ? [] : [reason],
  }
}

/** An SFTP server’s key is pinned here, and no rclone.conf holds it. */
export function needsHostKey({ backend, options }: Pick<ReadSection, 'backend' | 'options'>): boolean {
  return backend === 'sftp' && options.host_key === undefined
}
