import { type IndexEntry, pathOf } from '@/protocol/index-entry'
import { Problem } from '@/protocol/problem'
import type { Place } from '@/protocol/specs'
import { contentDiffers } from './content-problem'

/** So many hard links of one folder fit the memory of a small host. */
const mostLinks = 250_000

/** The entries of an index beside the members of its archive, which come in the same order. Keeps the hard links below a folder. */
export class ExpectedEntries {
  readonly links: IndexEntry[] = []
  readonly #entries: AsyncIterator<IndexEntry>
  readonly #isBelow: (path: Buffer) => boolean

  constructor(entries: AsyncIterable<IndexEntry>, isBelow: (path: Buffer) => boolean) {
    this.#entries = entries[Symbol.asyncIterator]()
    this.#isBelow = isBelow
  }

  /** The entry of the member at this place, which has this path; those before it are passed over. */
  async at(place: Place, path: Buffer): Promise<IndexEntry> {
    for (;;) {
      const entry = await this.#next()
      if (!entry) throw indexDamaged()
      if (entry.type === 'hardlink' || entry.part !== place.part || entry.offset !== place.offset) continue
      return sameName(entry, path)
    }
  }

  /** The entry of the next member, which has this path. Throws Problem `content-differs`. */
  async of(path: Buffer): Promise<IndexEntry> {
    return sameName(await this.#next(), path)
  }

  /** Passes over all that is left. */
  async finish(): Promise<void> {
    for (;;) if (!(await this.#next())) return
  }

  async close(): Promise<void> {
    await this.#entries.return?.()
  }

  async #next(): Promise<IndexEntry | undefined> {
    const { value, done } = await this.#entries.next()
    if (done) return undefined
    const entry: IndexEntry = value
    if (entry.type === 'hardlink' && this.#isBelow(pathOf(entry)) && this.links.push(entry) > mostLinks)
      throw tooManyLinks()
    return entry
  }
}

function sameName(entry: IndexEntry | undefined, path: Buffer): IndexEntry {
  if (entry && pathOf(entry).equals(path)) return entry
  throw contentDiffers(path, 'the archive holds what its index does not')
}

function indexDamaged(): Problem {
  return new Problem({
    code: 'index-damaged',
    text: 'The index has no entry where the dashboard says that this folder begins.',
    action: 'Load the list of files anew, then try again.',
  })
}

function tooManyLinks(): Problem {
  return new Problem({
    code: 'too-many-links',
    text: `The folder holds more than ${mostLinks.toLocaleString('en-GB')} hard links, too many for a download.`,
    action: 'Choose a folder within it, or restore the backup beside.',
  })
}
