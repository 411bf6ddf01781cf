import { lstat, rmdir } from 'node:fs/promises'
import { removeTree } from '@/engine/files/remove-tree'
import { ofTag } from './collection-names'
import { type DatabasePlace, listNamespaces } from './database-place'
import { readAttributes, setAttributes } from './folder-attributes'
import { nameIn, nameOf, openFolder, parentOf } from './folder-handle'
import type { JournalState } from './journal'
import { placeOf } from './path-mover'

/** The folder at a tree's root in which restores stage. No backup holds it. */
export const ownFolder = '.talekeeper'

/** Removes all that a restore keeps beside: its stages, and its collections. What is gone already is fine. */
export async function removeBeside(
  { begin, isCommitted }: JournalState,
  server: DatabasePlace | null,
  signal: AbortSignal,
): Promise<void> {
  for (const database of begin.databases) {
    if (!server) throw new Error('databases without a server')
    const names = [...(await listNamespaces(server, database)).keys()]
    for (const name of ofTag(names, begin.tag)) {
      signal.throwIfAborted()
      await server.dropCollection(database, name)
    }
  }
  for (const stage of begin.stages) {
    if (!(await isOwnStage(stage))) continue
    const root = parentOf(parentOf(Buffer.from(stage)))
    const before = (!isCommitted && begin.folders.find(({ place }) => placeOf({ place }).equals(root))?.before) || null
    const attributes = before ?? (await readAttributes(root))
    await removeTree(stage, signal)
    await rmdir(parentOf(Buffer.from(stage))).catch(() => {}) // another restore may keep something there
    await setAttributes(root, attributes) // that our own folder came and went is no change of this one
  }
}

/** A stage that is not ours alone was put there by somebody else, and is left alone. */
async function isOwnStage(stage: string): Promise<boolean> {
  const path = Buffer.from(stage)
  try {
    const parent = await openFolder(parentOf(path))
    try {
      const stats = await lstat(nameIn(parent, nameOf(path)))
      return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0
    } finally {
      await parent.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
