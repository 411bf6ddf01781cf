import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { obscure } from './rclone-obscure'

/** A remote in rclone's own words: backend type and options by rclone's option names. */
export type RcloneRemote = {
  backend: string
  options: Readonly<Record<string, string | undefined>>
  /** options that must not show up in any message */
  secretOptions: readonly string[]
  /** options that rclone wants obscured */
  obscuredOptions: readonly string[]
  /** all that lies in the folder `root` is encrypted: `TK:` is then that folder, decrypted */
  crypt?:
    | {
        root: string
        password: string
        password2?: string | undefined
        names: string
        folders: boolean
        encoding: string
      }
    | undefined
  /** where rclone gets its access tokens, and what it shows there, for a backend that has OAuth */
  access?: { id: string; secret: string; tokenUrl: string } | null
}

export type RcloneEnvironment = {
  variables: Record<string, string>
  /** values that must not show up in any message */
  secrets: string[]
  /** nobody enters credentials: the remote is reached by tokens that its provider may end at any time */
  hasTokens: boolean
  /** removes the temporary files that the variables point at */
  remove: () => Promise<void>
}

/** Name of the one remote that our rclone knows: paths are written `TK:folder/file`. */
export const remoteName = 'TK'

/** The remote below an encrypted one. */
const baseName = 'TKBASE'

/** Settings that keep rclone small and from changing what it was not asked to. */
const fixedOptions: Record<string, Record<string, string>> = {
  local: { no_check_updated: 'true' },
  sftp: { set_modtime: 'false', ask_password: 'false' },
  webdav: {},
  s3: { no_check_bucket: 'true', env_auth: 'false' },
  ftp: { ask_password: 'false' },
  gcs: { no_check_bucket: 'true', env_auth: 'false' },
  azureblob: { env_auth: 'false' },
  azurefiles: { env_auth: 'false' },
  swift: { env_auth: 'false' },
  qingstor: { env_auth: 'false' },
  drive: { scope: 'drive', skip_gdocs: 'true' },
  dropbox: { batch_mode: 'off' },
}

/**
 * A token that is over: rclone asks for a fresh one before its first request, so that only the lifetime it is then told counts,
 * and not this host's clock. Source of the shape: rclone's lib/oauthutil.
 */
const startToken = {
  access_token: 'none',
  token_type: 'bearer',
  refresh_token: 'lease',
  expiry: '2020-01-01T00:00:00Z',
}

/**
 * Makes the environment in which rclone knows the remote: no configuration file, nothing written, secrets nowhere else.
 * An SFTP host key goes to a temporary known_hosts file (0600). Where there is `access`, rclone takes the token broker for its
 * provider's token endpoint, and holds nothing but short-lived access tokens, in its memory.
 */
export async function makeEnvironment(remote: RcloneRemote, temporaryFolder: string): Promise<RcloneEnvironment> {
  const { host_key: hostKey, ...given } = remote.options
  const options: Record<string, string> = { type: remote.backend, ...fixedOptions[remote.backend] }
  const secrets: string[] = []
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === '') continue
    options[name] = remote.obscuredOptions.includes(name) ? obscure(value) : value
    if (remote.secretOptions.includes(name)) secrets.push(value, options[name])
  }
  if (remote.access) {
    const { id, secret, tokenUrl } = remote.access
    const token = JSON.stringify(startToken)
    Object.assign(options, { client_id: id, client_secret: secret, token_url: tokenUrl, token })
    secrets.push(secret)
  }
  // rclone takes a PEM in one line, its line breaks written as \n
  if (options.key_pem) options.key_pem = options.key_pem.trim().replaceAll(/\r?\n/g, '\\n')

  let knownHostsFile: string | undefined
  if (hostKey !== undefined) {
    knownHostsFile = join(temporaryFolder, `known-hosts-${randomBytes(8).toString('hex')}`)
    const host = `[${given.host ?? ''}]:${given.port ?? '22'}`
    await writeFile(knownHostsFile, knownHosts(host, hostKey), { mode: 0o600 })
    options.known_hosts_file = knownHostsFile
    // of use from rclone 1.64; older ones ignore it
    options.host_key_algorithms = hostKeyAlgorithms(hostKey).join(' ')
  }
  return {
    variables: {
      RCLONE_CONFIG: '',
      GOGC: '50',
      GOMEMLIMIT: '96MiB',
      ...section(remote.crypt ? baseName : remoteName, options),
      ...(remote.crypt ? section(remoteName, cryptOptions(remote.crypt, secrets)) : {}),
    },
    secrets,
    hasTokens: Boolean(remote.access),
    remove: async () => {
      if (knownHostsFile) await rm(knownHostsFile, { force: true })
    },
  }
}

function section(name: string, options: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [`RCLONE_CONFIG_${name}_${option.toUpperCase()}`, value]),
  )
}

/** The passwords, in clear and obscured, are added to `secrets`. */
function cryptOptions(
  { root, password, password2, names, folders, encoding }: NonNullable<RcloneRemote['crypt']>,
  secrets: string[],
): Record<string, string> {
  const obscured = obscure(password)
  const salt = password2 ? obscure(password2) : null
  secrets.push(password, obscured, ...(password2 && salt ? [password2, salt] : []))
  return {
    ...{ type: 'crypt', remote: `${baseName}:${root}`, password: obscured, ...(salt ? { password2: salt } : {}) },
    ...{ filename_encryption: names, directory_name_encryption: String(folders), filename_encoding: encoding },
  }
}

function keyLines(hostKey: string): string[] {
  return hostKey
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

function knownHosts(host: string, hostKey: string): string {
  return keyLines(hostKey)
    .map((line) => `${host} ${line}\n`)
    .join('')
}

function hostKeyAlgorithms(hostKey: string): string[] {
  return keyLines(hostKey).flatMap((line) => {
    const type = line.split(/\s+/)[0] ?? ''
    return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type]
  })
}
