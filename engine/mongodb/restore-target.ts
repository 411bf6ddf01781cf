import type { Warning } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { isWanted, type SelectedNamespace } from '@/protocol/selection'
import type { MongodbSource } from '@/protocol/sources'
import type { ArchiveCollection } from './archive-format'

export type RestoreOptions = {
  archive: AsyncIterable<Uint8Array>
  connection: string
  /** put before each database's name */
  databasePrefix: string
  /** what of the archive; null: all */
  namespaces: SelectedNamespace[] | null
  tools: MongodbSource['tools']
  toolFolders: string[]
  temporaryFolder: string
  signal: AbortSignal
  warn: (warning: Warning) => void
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
  /** bytes of the archive read so far */
  progress: (doneBytes: number) => void
}

/** With the databases that the server has already. */
export type RestoreTask = RestoreOptions & { existing: string[] }

/** What a way of restoring reports; `collections` are those restored, views among them. */
export type Restored = { documents: number; collections: ArchiveCollection[]; skippedNamespaces: string[] }

/** The server's own databases: users, roles, shards and replication are never restored beside. */
export const systemDatabases = ['admin', 'config', 'local']

export function isOfSystem({ database }: Pick<ArchiveCollection, 'database'>): boolean {
  return database === '' || systemDatabases.includes(database)
}

export function isRestored(
  collection: Pick<ArchiveCollection, 'database' | 'collection'>,
  { namespaces }: Pick<RestoreOptions, 'namespaces'>,
): boolean {
  return !isOfSystem(collection) && isWanted(collection, namespaces)
}

export function namespaceName({ database, collection }: Pick<ArchiveCollection, 'database' | 'collection'>): string {
  return `${database}.${collection}`
}

/** Refuses to write into a database that exists, or whose name is too long: MongoDB allows 63 bytes. */
export function checkTargets(collections: ArchiveCollection[], prefix: string, existing: string[]): void {
  for (const database of new Set(collections.map((collection) => collection.database))) {
    const target = prefix + database
    if (existing.includes(target))
      throw new Problem({
        code: 'target-exists',
        text: `There is already a database "${target}", and a restore never writes into one that exists.`,
        action: 'Discard the restore that it is of, or choose another prefix.',
        where: target,
      })
    if (Buffer.byteLength(target) > 63)
      throw new Problem({
        code: 'target-name-too-long',
        text: `"${target}" is too long for the name of a database.`,
        action: 'Choose a shorter prefix.',
        where: database,
      })
  }
}

export function documentsRefused(count: number, firstError: string | null): Problem {
  return new Problem({
    code: 'documents-refused',
    text: `MongoDB refused ${count} documents${firstError ? `; the first one: ${firstError}` : ''}.`.slice(0, 2000),
    action: 'Restore into a MongoDB of the same major version as the backup, into databases that do not exist yet.',
  })
}
