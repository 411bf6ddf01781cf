import { lstat } from 'node:fs/promises'
import { join } from 'node:path'

/** Where a path that Girder knows, in its own container, lies on this host: below which of the restored trees. */
type Pair = { prefix: string; root: string }

/**
 * Finds what Girder’s paths are on this host. Its container mounts the trees elsewhere: `/tmp/data/homes` may be `/mnt/homes/homes`.
 * What stands before the part that both have in common is learnt from paths that are there.
 */
export class FolderFinder {
  readonly #pairs: Pair[] = []

  constructor(private readonly roots: string[]) {}

  /** Takes a path into account. The longest part that both have in common is believed, and no single name. */
  async learn(path: string): Promise<void> {
    if (this.locate(path) !== null) return
    const names = path.split('/').slice(1)
    for (let dropped = 0; dropped <= names.length - 2; dropped++)
      for (const root of this.roots) {
        if (!(await isThere(join(root, ...names.slice(dropped))))) continue
        this.#pairs.push({ prefix: `/${names.slice(0, dropped).join('/')}`.replace(/\/$/, ''), root })
        return
      }
  }

  /** null: it lies below none of the restored trees, as far as is known. */
  locate(path: string): string | null {
    const pair = this.#pairs.find(({ prefix }) => path.startsWith(`${prefix}/`))
    return pair ? join(pair.root, path.slice(pair.prefix.length)) : null
  }
}

export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
