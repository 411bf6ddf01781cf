import { opendir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { deserialize } from 'bson'
import { textOf } from '@/engine/restore/fix-ups/raw-document'
import type { MongoServer } from '@/lib/mongo-driver'
import { displayName } from '@/protocol/display-name'
import { mostNamed, type Reconciliation } from '@/protocol/reconciliation'
import { FolderFinder, isThere } from './folder-finder'

export type ReconcileOptions = {
  server: Pick<MongoServer, 'readRaw'>
  /** Girder’s, with the names that its collections have there */
  database: string
  collections: ReadonlySet<string>
  /** restored trees, where they lie on this host */
  roots: string[]
  signal: AbortSignal
}

/** So many paths are looked at to learn where Girder’s folders are on this host. */
const learntPaths = 2000

/**
 * Compares Girder’s database with the restored files: folders and files that a document names and that are not there, and homes
 * that no document names. Documents and folders are streamed; of homes the names are held.
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { roots, signal } = options
  const finder = new FolderFinder(roots)
  const result: Reconciliation = {
    ...{ checked: 0, elsewhere: 0, absentCount: 0, absent: [], strayCount: 0, stray: [] },
  }
  const stores = await assetstoreRoots(options)
  let learnt = 0
  for await (const path of namedPaths(options, stores)) if (learnt++ < learntPaths) await finder.learn(path)
  const homes = new Map<string, Set<string>>()
  for await (const path of namedPaths(options, stores)) {
    signal.throwIfAborted()
    const place = finder.locate(path)
    if (place === null) {
      result.elsewhere++
      continue
    }
    result.checked++
    noteHome(homes, place)
    if (await isThere(place)) continue
    if (result.absentCount++ < mostNamed) result.absent.push(path.slice(0, 4096))
  }
  for (const [root, names] of homes) await findStray(root, names, result, signal)
  return result
}

/** `fsPath` of folders, and of files in assetstores on disk where their content lies. */
async function* namedPaths(
  { server, database, collections }: ReconcileOptions,
  stores: Map<string, string>,
): AsyncGenerator<string> {
  if (collections.has('folder'))
    for await (const batch of server.readRaw(database, 'folder'))
      for (const document of batch) {
        const path = textOf(document, 'fsPath')
        if (path?.startsWith('/')) yield path
      }
  if (stores.size === 0 || !collections.has('file')) return
  for await (const batch of server.readRaw(database, 'file'))
    for (const document of batch) {
      const path = textOf(document, 'path')
      const root = path === null ? undefined : stores.get(String(deserialize(document).assetstoreId))
      if (root !== undefined && path) yield join(root, path)
    }
}

async function assetstoreRoots({ server, database, collections }: ReconcileOptions): Promise<Map<string, string>> {
  const roots = new Map<string, string>()
  if (!collections.has('assetstore')) return roots
  for await (const batch of server.readRaw(database, 'assetstore'))
    for (const document of batch) {
      const root = textOf(document, 'root')
      if (root?.startsWith('/')) roots.set(String(deserialize(document)._id), root)
    }
  return roots
}

/** Homes lie as `<first letter>/<login>`. */
function noteHome(homes: Map<string, Set<string>>, place: string): void {
  const [letter, login] = [basename(dirname(place)), basename(place)]
  const root = dirname(dirname(place))
  if (letter.length !== 1 || login[0] !== letter || basename(root) !== 'homes') return
  homes.set(root, (homes.get(root) ?? new Set()).add(login))
}

async function findStray(root: string, names: Set<string>, result: Reconciliation, signal: AbortSignal): Promise<void> {
  for (const letter of await foldersIn(root))
    if (Buffer.from(letter).length === 1)
      for (const login of await foldersIn(join(root, letter))) {
        signal.throwIfAborted()
        if (names.has(login)) continue
        if (result.strayCount++ < mostNamed) result.stray.push(displayName(Buffer.from(join(root, letter, login))))
      }
}

async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = []
  const entries = await opendir(folder).catch(() => null)
  if (entries) for await (const entry of entries) if (entry.isDirectory()) names.push(entry.name)
  return names.sort((a, b) => (a < b ? -1 : 1))
}
