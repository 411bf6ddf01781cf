import { insertBatch, type MongoServer } from '@/lib/mongo-driver'
import type { ArchiveCollection } from './archive-format'
import { ArchiveVerifier } from './archive-verifier'
import { batchesOf } from './batches-of'
import { collectionOptions } from './collection-metadata'
import {
  checkTargets,
  documentsRefused,
  isOfSystem,
  isRestored,
  namespaceName,
  type Restored,
  type RestoreOptions,
  type RestoreTask,
} from './restore-target'

/** Documents that wait to be inserted, by collection. */
type Pending = Map<ArchiveCollection, Uint8Array[]>

/** Restores by the driver: raw documents in the archive's order, in batches. */
export async function restoreBuiltIn(server: MongoServer, options: RestoreTask): Promise<Restored> {
  const pending: Pending = new Map()
  let pendingBytes = 0
  let collections: ArchiveCollection[] = []
  let wanted = new Set<ArchiveCollection>()
  const verifier = new ArchiveVerifier({
    preludeEnd: (_header, all) => {
      collections = all.filter((collection) => isRestored(collection, options))
      wanted = new Set(collections)
      checkTargets(collections, options.databasePrefix, options.existing)
    },
    document: (collection, document) => {
      if (!wanted.has(collection)) return
      const waiting = pending.get(collection)
      if (waiting) waiting.push(document)
      else pending.set(collection, [document])
      pendingBytes += document.length
    },
  })

  let isCreated = false
  let documents = 0
  let doneBytes = 0
  const flush = async () => {
    for (const [collection, waiting] of pending) documents += await insertAll(server, collection, waiting, options)
    pending.clear()
    pendingBytes = 0
  }
  for await (const chunk of options.archive) {
    options.signal.throwIfAborted()
    verifier.push(chunk)
    if (!isCreated && collections.length > 0) {
      isCreated = true
      for (const collection of collections) await createCollection(server, collection, options)
    }
    if (pendingBytes >= insertBatch.bytes) await flush()
    doneBytes += chunk.length
    options.progress(doneBytes)
  }
  verifier.finish()
  await flush()
  const skippedNamespaces = verifier.collections().filter(isOfSystem).map(namespaceName)
  return { documents, collections, skippedNamespaces }
}

async function createCollection(
  server: MongoServer,
  collection: ArchiveCollection,
  options: RestoreOptions,
): Promise<void> {
  const database = options.databasePrefix + collection.database
  const wanted = collectionOptions(collection)
  try {
    await server.createCollection(database, collection.collection, wanted)
  } catch (error) {
    if (Object.keys(wanted).length === 0) throw error
    options.warn({
      code: 'collection-options-refused',
      text: `MongoDB refused the options of this ${collection.type} (${error instanceof Error ? error.message : 'unknown error'}).`.slice(
        0,
        2000,
      ),
      where: namespaceName(collection),
    })
    if (collection.type === 'collection') await server.createCollection(database, collection.collection)
  }
}

async function insertAll(
  server: MongoServer,
  collection: ArchiveCollection,
  documents: Uint8Array[],
  options: RestoreOptions,
): Promise<number> {
  const database = options.databasePrefix + collection.database
  let inserted = 0
  for (const batch of batchesOf(documents)) {
    options.signal.throwIfAborted()
    const result = await server.insertRaw(database, collection.storedCollection, batch)
    if (result.failed > 0 || result.firstError !== null) throw documentsRefused(result.failed, result.firstError)
    inserted += result.inserted
  }
  return inserted
}
