import type { EntryFacts, EntryWriter } from '@/lib/entry-store'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import { Problem } from '@/protocol/problem'
import { toPlaceNumber } from './place-number'

const longestPathBytes = 4096
/** So many entries are written before others get their turn: some milliseconds. */
const turnEntries = 200

/**
 * Writes the entries of one artifact below its name. What stands in them is a worker's word: paths are taken as bytes and names
 * only, and never as paths of this host. Throws Problem `index-damaged`, or StoreFull.
 */
export async function fillIndex(
  writer: EntryWriter,
  artifact: string,
  entries: AsyncIterable<IndexEntry>,
  counted: () => void,
): Promise<void> {
  const top = Buffer.from(artifact)
  let turn = turnEntries
  for await (const entry of entries) {
    writer.add([top, ...namesOf(pathOf(entry))], toFacts(entry))
    counted()
    if (--turn > 0) continue
    turn = turnEntries
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** The names that a path leads through: those that are empty or `.` lead nowhere. */
export function namesOf(path: Buffer): Buffer[] {
  if (path.length > longestPathBytes) throw indexDamaged('a path that is too long')
  const names: Buffer[] = []
  for (let start = 0; start <= path.length; ) {
    const slash = path.indexOf(0x2f, start)
    const end = slash === -1 ? path.length : slash
    const isEmpty = end === start || (end === start + 1 && path[start] === 0x2e)
    if (!isEmpty) names.push(path.subarray(start, end))
    start = end + 1
  }
  if (names.length === 0) throw indexDamaged('an entry without a name')
  return names
}

function toFacts(entry: IndexEntry): EntryFacts {
  const { type, size, mode, uid, gid, xxh128 } = entry
  const place = toPlaceNumber(entry)
  if (place === null) throw indexDamaged('a place that no archive has')
  return {
    ...{ type, size, mode, uid, gid, place },
    mtime: Math.floor(Number(entry.mtime)),
    link: type === 'symlink' || type === 'hardlink' ? linkTargetOf(entry) : null,
    xxh128: xxh128 ?? null,
  }
}

function indexDamaged(what: string): Problem {
  return new Problem({
    code: 'index-damaged',
    text: `The index of this backup holds ${what}.`,
    action: 'The backup can be restored all the same.',
  })
}
