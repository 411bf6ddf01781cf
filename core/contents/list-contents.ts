import type { EntryReader, StoredEntry } from '@/lib/entry-store'
import { displayName } from '@/protocol/display-name'
import { namesOf } from './fill-index'

export type ContentEntry = {
  id: number
  /** for people: what is no text stands as `\xNN` */
  label: string
  kind: 'folder' | 'file' | 'symlink' | 'hardlink' | 'fifo' | 'character-device' | 'block-device'
  /** of a file, or of all that lies below a folder */
  bytes: number
  /** below a folder, at any depth; null: it is none */
  entries: number | null
  /** the entry's own; null: a folder that only leads to others */
  own: { modifiedAt: Date; mode: number; uid: number; gid: number } | null
  /** what a link leads to; `id` where that is in this backup */
  link: { label: string; id: number | null } | null
}

export type Crumb = { id: number; label: string }

export type FolderPage = {
  id: number
  crumbs: Crumb[]
  entries: ContentEntry[]
  total: number
  page: number
  pages: number
}

export type SearchPage = {
  /** each with the folders that lead to it */
  entries: (ContentEntry & { crumbs: Crumb[] })[]
  /** how many there are; beyond `countedHits` nobody counts */
  total: number
  /** where the next page begins; null: this is the last */
  next: number | null
}

export const countedHits = 1000
const entriesPerPage = 100
/** Of a path that is looked for only the last name is in the index; so many of its hits are compared with the whole. */
const comparedHits = 20_000

/**
 * One page of a folder; 0 is the top, where a folder that holds nothing but another is passed through. Null: there is no such
 * folder. A page beyond the last gives the last.
 */
export function listFolder(reader: EntryReader, folderId: number, wantedPage: number): FolderPage | null {
  const id = folderId === 0 ? throughLoneFolders(reader) : folderId
  const path = reader.pathTo(id)
  if (id !== 0 && !path.at(-1)?.isFolder) return null
  const total = id === 0 ? reader.children(0, 0, entriesPerPage).length : reader.totals(id).children
  const pages = Math.max(1, Math.ceil(total / entriesPerPage))
  const page = Math.min(Math.max(1, wantedPage), pages)
  const rows = reader.children(id, (page - 1) * entriesPerPage, entriesPerPage)
  return { id, crumbs: path.map(toCrumb), entries: rows.map((row) => toContent(reader, row)), total, page, pages }
}

/** Entries by a part of their name, or of their path where it holds a slash, in whatever case, in the order of the archive. */
export function searchContents(reader: EntryReader, text: string, after: number): SearchPage {
  const { name, path } = parted(text)
  const found: number[] = []
  let compared = 0
  for (const id of reader.find(name, after)) {
    if (path === null || holds(reader, id, path)) found.push(id)
    if (found.length > entriesPerPage || ++compared > comparedHits) break
  }
  const shown = found.slice(0, entriesPerPage)
  return {
    entries: shown.map((id) => withPath(reader, id)),
    total: path === null ? reader.count(name, countedHits + 1) : found.length,
    next: found.length > entriesPerPage ? (shown.at(-1) ?? null) : null,
  }
}

/** One entry as it is listed. Null: there is none. */
export function contentOf(reader: EntryReader, id: number): ContentEntry | null {
  const row = reader.entry(id)
  return row && toContent(reader, row)
}

/** A slash within what is looked for stands between names, one at an end only for that end of a name. */
function parted(text: string): { name: string; path: string | null } {
  const inner = text.slice(1, -1).lastIndexOf('/')
  if (inner === -1) return { name: text, path: null }
  return { name: text.slice(inner + 1), path: text.toLowerCase() }
}

function holds(reader: EntryReader, id: number, path: string): boolean {
  return `/${reader.pathTo(id).map(labelOf).join('/')}/`.toLowerCase().includes(path)
}

function throughLoneFolders(reader: EntryReader): number {
  for (let id = 0; ; ) {
    const [only, other] = reader.children(id, 0, 2)
    if (!only?.isFolder || other) return id
    id = only.id
    if (only.facts) return id
  }
}

function withPath(reader: EntryReader, id: number): ContentEntry & { crumbs: Crumb[] } {
  const path = reader.pathTo(id)
  const row = path.pop()
  if (!row) throw new Error(`a hit ${id} is no entry`)
  return { ...toContent(reader, row), crumbs: path.map(toCrumb) }
}

function toContent(reader: EntryReader, row: StoredEntry): ContentEntry {
  const { facts } = row
  const below = row.isFolder ? reader.totals(row.id) : null
  const first = facts?.type === 'hardlink' ? firstNameOf(reader, row) : null
  return {
    id: row.id,
    label: labelOf(row),
    kind: facts && facts.type !== 'directory' ? facts.type : 'folder',
    bytes: below?.bytes ?? first?.facts?.size ?? facts?.size ?? 0,
    entries: below?.entries ?? null,
    own: facts && {
      modifiedAt: new Date(Math.max(-8.64e12, Math.min(8.64e12, facts.mtime)) * 1000),
      ...{ mode: facts.mode, uid: facts.uid, gid: facts.gid },
    },
    link: facts?.link ? { label: displayName(facts.link), id: first?.id ?? null } : null,
  }
}

/** The file that a hard link is another name of. Null: the index does not have it. */
export function firstNameOf(reader: EntryReader, row: StoredEntry): StoredEntry | null {
  const artifact = reader.pathTo(row.id)[0]
  if (!artifact || !row.facts?.link?.length) return null
  const first = reader.at([artifact.name, ...namesOf(row.facts.link)])
  return first?.facts?.type === 'file' ? first : null
}

function toCrumb(row: StoredEntry): Crumb {
  return { id: row.id, label: labelOf(row) }
}

function labelOf(row: StoredEntry): string {
  return displayName(row.name)
}
