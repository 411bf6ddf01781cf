import { isGeneric } from '@/protocol/advanced-options'
import { genericTables } from '@/protocol/generic-backends'
import type { Backend } from '@/protocol/remotes'
import { parseRcloneConfig } from '@/protocol/rclone-config'
import { needsHostKey, type ReadSection, readConfigSection } from './read-config-section'

/** What a person chooses from: no secret of the file, only that there are some. */
export type ImportChoice = {
  /** the section’s name in the file */
  name: string
  slug: string
  backend: Backend | null
  /** where it is, in a line */
  place: string
  baseFolder: string
  secrets: string[]
  encrypted: boolean
  /** its sign-in could become a connection; null: it needs none */
  signIn: 'token' | 'missing' | 'foreign' | null
  needsHostKey: boolean
  refused: string[]
  lacks: string[]
}

/** Reads an rclone.conf without saving anything. Throws Problem where it cannot be read. */
export function previewImport(text: string): ImportChoice[] {
  const sections = parseRcloneConfig(text)
  return sections.map(({ name }) => toChoice(readConfigSection(sections, name)))
}

function toChoice(read: ReadSection): ImportChoice {
  const { name, backend, options, secrets, refused, lacks } = read
  return {
    ...{ name, backend, refused, lacks, slug: slugOf(name), baseFolder: read.folder || folderFor(backend) },
    place: options.host ?? options.url ?? options.endpoint ?? options.account ?? '',
    secrets: Object.keys(secrets),
    encrypted: read.crypt !== null,
    signIn: signInOf(read),
    needsHostKey: needsHostKey(read),
  }
}

function signInOf({ backend, token }: ReadSection): ImportChoice['signIn'] {
  if (backend !== 'box' && backend !== 'drive' && backend !== 'dropbox' && backend !== 'onedrive') return null
  if (!token) return 'missing'
  // made with rclone’s own client id, whose secret is not ours to use
  return token.clientId !== '' && token.clientSecret !== '' ? 'token' : 'foreign'
}

function folderFor(backend: Backend | null): string {
  if (backend === null || backend === 'local' || backend === 's3') return ''
  return isGeneric(backend) && genericTables[backend].folder === 'bucket' ? '' : 'WT'
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
}
