import type { MongoServer } from '@/lib/mongo-driver'
import type { ArchiveCollection } from './archive-format'
import { collectionIndexes, type IndexSpecification } from './collection-metadata'
import { namespaceName, type RestoreOptions } from './restore-target'

/**
 * Builds the indexes that the archive describes. Those with an expiry are left out, and said so: the server would delete expired
 * documents within a minute, before anybody could compare them. An index that the server refuses is a warning: no document is lost.
 */
export async function restoreIndexes(
  server: MongoServer,
  collections: ArchiveCollection[],
  options: Pick<RestoreOptions, 'databasePrefix' | 'signal' | 'warn' | 'log'>,
): Promise<void> {
  for (const collection of collections) {
    for (const index of collectionIndexes(collection)) {
      options.signal.throwIfAborted()
      if (index.has('expireAfterSeconds'))
        options.log(
          'info',
          `index ${nameOf(index)} of ${namespaceName(collection)} is left out, so that nothing expires`,
        )
      else await build(server, collection, index, options)
    }
  }
}

async function build(
  server: MongoServer,
  collection: ArchiveCollection,
  index: IndexSpecification,
  options: Pick<RestoreOptions, 'databasePrefix' | 'signal' | 'warn'>,
): Promise<void> {
  try {
    await server.createIndexes(options.databasePrefix + collection.database, collection.collection, [index])
  } catch (error) {
    options.signal.throwIfAborted()
    options.warn({
      code: 'index-refused',
      text: `MongoDB refused the index ${nameOf(index)} (${error instanceof Error ? error.message : 'unknown error'}).`.slice(
        0,
        2000,
      ),
      where: namespaceName(collection),
    })
  }
}

function nameOf(index: IndexSpecification): string {
  return String(index.get('name'))
}
