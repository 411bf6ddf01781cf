import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, opendir, readlink } from 'node:fs/promises'
import { compareStats } from '@/engine/files/compare-entry'
import { isLeftOut } from '@/engine/files/member-filter'
import { NameTable } from '@/engine/files/name-table'
import { ownFolder } from '@/engine/restore/in-place/beside'
import { isThere, joined, parentOf } from '@/engine/restore/in-place/folder-handle'
import type { Ground } from '@/engine/restore/in-place/plan-paths'
import { liesAtOrBelow } from '@/engine/restore/in-place/path-mover'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import type { TreePreview } from '@/protocol/restore-preview'
import { FirstNames } from './first-names'

type Options = {
  ground: Pick<Ground, 'whole' | 'chosen' | 'excluded'>
  /** what is to stand there, in the order of the archive */
  index: AsyncIterable<IndexEntry>
  mountPoints: string[]
  /** what another instance's backup loses on the way is not taken for a change */
  sameInstance: boolean
  signal: AbortSignal
}
type Counted = Pick<TreePreview, 'counts' | 'bytes' | 'named'>

/** Looked at together, to hide the latency of a disk. */
const entriesAtOnce = 64

/** Of an entry of the index, kept in 16 bytes: it comes otherwise than it stands there; it is a folder where there is none. */
const [differs, isNoFolderThere] = [1, 2]

/**
 * Counts what an exchange would add, change and take away, reading no content. Links are told by what they point to, further names of
 * a file by what that file becomes. Memory: 16 to 46 bytes an entry. Throws only the signal's reason and what the filesystem throws.
 */
export async function previewTree(options: Options): Promise<Counted> {
  const preview = new TreeLook(options)
  await preview.compare()
  await preview.addMissingParents()
  await preview.findRemoved()
  return preview.result()
}

class TreeLook {
  readonly #expected = new NameTable()
  readonly #counts = { added: 0, changed: 0, removed: 0, same: 0 }
  readonly #bytes = { added: 0, changed: 0, removed: 0 }
  readonly #named = { added: new FirstNames(), changed: new FirstNames(), removed: new FirstNames() }

  constructor(private readonly options: Options) {}

  result(): Counted {
    const { added, changed, removed } = this.#named
    return {
      counts: this.#counts,
      bytes: this.#bytes,
      named: { added: added.list(), changed: changed.list(), removed: removed.list() },
    }
  }

  async compare(): Promise<void> {
    let waiting: IndexEntry[] = []
    const flush = async () => {
      const looks = await Promise.all(waiting.map((entry) => statsOf(placeOf(pathOf(entry)))))
      for (const [at, entry] of waiting.entries()) await this.#take(entry, looks[at] ?? null)
      waiting = []
    }
    for await (const entry of this.options.index) {
      this.options.signal.throwIfAborted()
      if (this.#isLeft(placeOf(pathOf(entry))) || isLeftOut(entry, this.options.sameInstance)) continue
      if (waiting.push(entry) === entriesAtOnce) await flush()
    }
    await flush()
  }

  /** Folders above what was chosen come along where they are missing. */
  async addMissingParents(): Promise<void> {
    const { whole, chosen } = this.options.ground
    for (const path of [...whole, ...chosen])
      for (let folder = parentOf(path); folder.length > 1 && !(await isThere(folder)); folder = parentOf(folder)) {
        const name = folder.subarray(1)
        if (this.#expected.get(name) !== undefined) continue
        this.#expected.set(name, differs)
        this.#count('added', folder, 0)
      }
  }

  async findRemoved(): Promise<void> {
    const { whole, chosen } = this.options.ground
    const all = [...whole, ...chosen]
    const outermost = all.filter(
      (path, at) =>
        !all.some((other, index) => liesAtOrBelow(path, other) && (other.length < path.length || index < at)),
    )
    for (const path of outermost) await this.#walk(path)
  }

  async #take(entry: IndexEntry, found: BigIntStats | null): Promise<void> {
    const name = pathOf(entry)
    const slash = name.lastIndexOf(0x2f)
    const above = slash === -1 ? 0 : (this.#expected.get(name.subarray(0, slash)) ?? 0)
    const stats = (above & isNoFolderThere) === 0 ? found : null
    const isChanged = stats === null || (await this.#isChanged(entry, stats))
    const isFolder = entry.type === 'directory'
    const flags = (isChanged ? differs : 0) | (isFolder && !stats?.isDirectory() ? isNoFolderThere : 0)
    this.#expected.set(name, flags)
    if (stats === null) this.#count('added', placeOf(name), entry.size)
    else if (isChanged) this.#count('changed', placeOf(name), entry.size)
    else this.#counts.same++
  }

  async #isChanged(entry: IndexEntry, stats: BigIntStats): Promise<boolean> {
    if (entry.type === 'hardlink') {
      const target = linkTargetOf(entry)
      const first = await statsOf(placeOf(target))
      const isSame = first !== null && first.ino === stats.ino && first.dev === stats.dev
      return !isSame || ((this.#expected.get(target) ?? 0) & differs) !== 0
    }
    if (compareStats(entry, stats, this.options.sameInstance) !== null) return true
    if (entry.type !== 'symlink') return false
    return !(await readlink(placeOf(pathOf(entry)), { encoding: 'buffer' })).equals(linkTargetOf(entry))
  }

  /** Names what is there and not in the index, all that such a folder holds included. */
  async #walk(top: Buffer): Promise<void> {
    const folders: Buffer[] = (await statsOf(top))?.isDirectory() ? [top] : []
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      this.options.signal.throwIfAborted()
      // names are bytes: with encoding `buffer` they come as such, whatever the type says
      const entries = await opendir(folder, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 })
      for await (const entry of entries as AsyncIterable<Dirent>) {
        const path = joined(folder, entry.name as unknown as Buffer)
        const isExpected = this.#expected.get(path.subarray(1)) !== undefined
        if (this.#isLeft(path) || (!isExpected && this.#isMountedInRoot(path, folder))) continue
        if (!isExpected) this.#count('removed', path, entry.isFile() ? Number((await statsOf(path))?.size ?? 0) : 0)
        if (entry.isDirectory()) folders.push(path)
      }
    }
  }

  /** Our own folder, what a filesystem keeps at its root, and what was left out by wish stay as they are. */
  #isLeft(path: Buffer): boolean {
    const { ground, mountPoints } = this.options
    if (ground.excluded.some((excluded) => liesAtOrBelow(path, excluded))) return true
    return ground.whole.some(
      (root) =>
        liesAtOrBelow(path, joined(root, ownFolder)) ||
        (liesAtOrBelow(path, joined(root, 'lost+found')) && mountPoints.includes(root.toString())),
    )
  }

  #isMountedInRoot(path: Buffer, folder: Buffer): boolean {
    const { ground, mountPoints } = this.options
    return ground.whole.some((root) => root.equals(folder)) && mountPoints.includes(path.toString())
  }

  #count(change: 'added' | 'changed' | 'removed', path: Buffer, bytes: number): void {
    this.#counts[change]++
    this.#bytes[change] += bytes
    this.#named[change].add(path)
  }
}

function placeOf(name: Buffer): Buffer {
  return Buffer.concat([Buffer.from('/'), name])
}

async function statsOf(path: Buffer): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}
