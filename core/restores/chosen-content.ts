import { firstNameOf } from '@/core/contents/list-contents'
import { toPlace } from '@/core/contents/place-number'
import { rawPathOf } from '@/core/contents/raw-path'
import type { EntryReader, StoredEntry } from '@/lib/entry-store'
import { displayName } from '@/protocol/display-name'
import type { Place } from '@/protocol/specs'

/** A folder or file of a backup that was chosen to be restored. */
export type ChosenEntry = {
  id: number
  artifact: string
  /** for people, from the root on */
  label: string
  isFolder: boolean
  /** raw, in base64 */
  path: string
  /** of the content of files */
  bytes: number
  entries: number
  /** where its members stand in the archive; null: it has none of its own */
  first: Place | null
  last: Place | null
  /** of the last member */
  lastBytes: number
  owner: { uid: number; gid: number } | null
}

/** Entries by their ids, those that are not there left out, and those that lie within another of them. */
export function chosenEntries(reader: EntryReader, ids: number[]): ChosenEntry[] {
  const wanted = new Set(ids)
  return ids.flatMap((id) => {
    const way = reader.pathTo(id)
    const entry = way.at(-1)
    if (!entry || way.length < 2 || way.slice(0, -1).some((above) => wanted.has(above.id))) return []
    return [toChosen(reader, way, entry)]
  })
}

function toChosen(reader: EntryReader, way: StoredEntry[], entry: StoredEntry): ChosenEntry {
  const { facts } = entry
  const content = facts?.type === 'hardlink' ? firstNameOf(reader, entry) : entry
  const totals = entry.isFolder ? reader.totals(entry.id) : null
  const place = content?.facts?.place ?? null
  const [first, last] = totals ? [totals.first, totals.last] : [place, place]
  return {
    id: entry.id,
    artifact: displayName(way[0]?.name ?? Buffer.alloc(0)),
    label: `/${way
      .slice(1)
      .map(({ name }) => displayName(name))
      .join('/')}`,
    isFolder: entry.isFolder,
    path: rawPathOf(way),
    bytes: totals?.bytes ?? content?.facts?.size ?? 0,
    entries: totals ? totals.entries + (facts ? 1 : 0) : 1,
    first: first === null ? null : toPlace(first),
    last: last === null ? null : toPlace(last),
    lastBytes: totals ? 0 : (content?.facts?.size ?? 0),
    owner: facts && { uid: facts.uid, gid: facts.gid },
  }
}
