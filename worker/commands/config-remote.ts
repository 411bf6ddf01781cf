import { randomUUID } from 'node:crypto'
import { reveal } from '@/lib/rclone-obscure'
import { Problem } from '@/protocol/problem'
import { type ConfigSection, parseRcloneConfig } from '@/protocol/rclone-config'
import { backendSchema, obscuredOptions, type Remote, remoteSchema } from '@/protocol/remotes'
import { readNamedFile } from './read-file'

type Place = { backend: string; folder: string; options: Record<string, string>; crypt?: Record<string, unknown> }

const deepest = 5
const signedIn = new Set(['box', 'drive', 'dropbox', 'onedrive'])

/**
 * The remote that `NAME:FOLDER` means in an rclone.conf, through alias and crypt. Throws a Problem that names the section and
 * what is wrong with it, never a value of it.
 */
export function readConfigRemote(file: string, remote: string): Remote {
  const place = placeOf(parseRcloneConfig(readNamedFile(file, '--remote-config')), remote, 0)
  const { backend, options, crypt } = place
  if (signedIn.has(backend)) throw needsSignIn(remote)
  const parsed = remoteSchema.safeParse({
    ...{ id: randomUUID(), backend, options, baseFolder: place.folder },
    ...(crypt ? { crypt } : {}),
  })
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw unusable(remote, [...new Set(reasons)].slice(0, 10).join(' ').slice(0, 1500))
}

function placeOf(sections: ConfigSection[], remote: string, depth: number): Place {
  const colon = remote.indexOf(':')
  if (colon < 0) return { backend: 'local', folder: trimmed(remote), options: {} }
  const [name, path] = [remote.slice(0, colon), trimmed(remote.slice(colon + 1))]
  const section = sections.find((one) => one.name === name)
  if (!section)
    throw unusable(remote, `There is no section “${name}”; there are ${sections.map((one) => one.name).join(', ')}.`)
  if (depth > deepest) throw unusable(remote, 'It points to itself, or through too many others.')
  const { type = '', remote: below = '', ...options } = section.options
  if (type === 'alias') return joined(remote, placeOf(sections, below, depth + 1), path)
  if (type === 'crypt') return encrypted(remote, options, joined(remote, placeOf(sections, below, depth + 1), ''), path)
  return { backend: type, folder: path, options: clearOptions(remote, type, options) }
}

function trimmed(path: string): string {
  return path === '/' ? path : path.replace(/\/+$/, '')
}

function joined(remote: string, base: Place, path: string): Place {
  if (path === '') return base
  if (base.crypt) throw unusable(remote, 'A folder inside an encrypted remote cannot be the base folder.')
  return { ...base, folder: [base.folder, path].filter(Boolean).join('/') }
}

function encrypted(remote: string, options: Record<string, string>, base: Place, path: string): Place {
  if (base.crypt) throw unusable(remote, 'It encrypts what is encrypted already.')
  const [password, password2] = [options.password, options.password2].map((secret) => secret && reveal(secret))
  if (!password || password2 === null) throw unusable(remote, 'Its passwords cannot be read.')
  const crypt = {
    ...{ password, ...(password2 ? { password2 } : {}) },
    names: options.filename_encryption ?? 'standard',
    folders: (options.directory_name_encryption ?? 'true') === 'true',
    encoding: options.filename_encoding ?? 'base32',
  }
  return joined(remote, { ...base, crypt }, path)
}

/** What is empty or off is as good as absent; passwords are in the clear, and a PEM in lines. */
function clearOptions(remote: string, type: string, options: Record<string, string>): Record<string, string> {
  const backend = backendSchema.safeParse(type)
  if (!backend.success) throw unusable(remote, `Talekeeper has no remotes of type “${type}”.`)
  const kept = Object.entries(options).filter(
    ([name, value]) => !['', 'false'].includes(value) && name !== 'description',
  )
  return Object.fromEntries(
    kept.map(([name, value]) => {
      const clear = obscuredOptions(backend.data).includes(name) ? reveal(value) : value
      if (clear === null) throw unusable(remote, `The secret “${name}” cannot be read.`)
      return [name, name === 'key_pem' ? clear.replaceAll('\\n', '\n') : clear]
    }),
  )
}

function needsSignIn(remote: string): Problem {
  return new Problem({
    code: 'remote-needs-sign-in',
    text: 'This remote is reached by a sign-in, which a worker gets from a dashboard only.',
    action:
      'Fetch the backup with rclone into a folder of this host first, and restore from there: docs/disaster-recovery.md, “Box, Google Drive, Dropbox, OneDrive”.',
    where: remote.slice(0, 1000),
  })
}

function unusable(remote: string, reason: string): Problem {
  return new Problem({
    code: 'remote-unusable',
    text: `This remote cannot be used as it stands in the file. ${reason}`.slice(0, 2000),
    action:
      'Name it as NAME:FOLDER, NAME being a section of the file and FOLDER the base folder. Take out the lines that are refused; for SFTP add “host_key = ssh-ed25519 AAAA…”, as ssh-keyscan prints it.',
    where: remote.slice(0, 1000),
  })
}
