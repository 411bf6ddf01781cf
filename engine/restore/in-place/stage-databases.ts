import { serialize } from 'bson'
import type { ArchiveCollection } from '@/engine/mongodb/archive-format'
import { ArchiveVerifier } from '@/engine/mongodb/archive-verifier'
import { batchesOf } from '@/engine/mongodb/batches-of'
import { collectionIndexes, collectionOptions, type IndexSpecification } from '@/engine/mongodb/collection-metadata'
import { rawToExtendedJson } from '@/engine/mongodb/extended-json'
import { documentsRefused, isRestored, namespaceName } from '@/engine/mongodb/restore-target'
import { artifactBytes, type MongodbArtifact, type RestorePlace, type RestoreRun } from '@/engine/restore/restore-run'
import { insertBatch, type MongoServer } from '@/lib/mongo-driver'
import type { Comparison } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { collectionFacts } from './collection-facts'
import { isBeside, standingName } from './collection-names'
import { viewDefinition } from './database-place'
import type { ExpiryItem } from './journal-records'
import { type DatabaseChoice, requireFittingNames } from './plan-collections'

/** What of an archive waits in its databases, by database. */
export type StagedDatabases = { choices: DatabaseChoice[]; expiries: ExpiryItem[] }

/**
 * Restores the chosen collections of an archive beside the genuine ones, in the same databases under the names of the stage, with
 * options and indexes, and compares each with the manifest. Indexes that let documents expire wait until the exchange. Throws a
 * Problem; adds to the comparison.
 */
export async function stageDatabases(
  run: RestoreRun,
  place: RestorePlace,
  artifact: MongodbArtifact,
  options: { server: MongoServer; tag: string; comparison: Comparison },
): Promise<StagedDatabases> {
  const { server, tag } = options
  run.meter.begin('mongodb', artifact.name, artifact.rawBytes)
  const collections = await insertDocuments(run, artifactBytes(run, place, artifact), server, tag)
  const choices = new Map<string, DatabaseChoice>()
  const expiries: ExpiryItem[] = []
  for (const collection of collections) {
    run.scope.signal.throwIfAborted()
    const { database, collection: name } = collection
    const choice = choices.get(database) ?? emptyChoice(run, database)
    choices.set(database, choice)
    if (collection.type === 'view') {
      choice.views.set(name, viewDefinition(collectionOptions(collection)))
      continue
    }
    const found = await buildIndexes(run, collection, server, tag)
    expiries.push(...found)
    if (found.length > 0) choice.expiring.add(name)
    await requireRenamable(server, collection, tag)
    const facts = await collectionFacts(server, database, standingName(name, 'fresh', tag), run.scope.signal)
    choice.collections.set(name, facts)
    compare(artifact, collection, facts, options.comparison)
  }
  return { choices: [...choices.values()], expiries }
}

/** Whether every server renames a collection of that name. */
export function isUsualName(collection: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(collection)
}

/** MongoDB-compatible servers there are that do not rename every name that they take: better known before the exchange. */
export async function requireRenamable(
  server: MongoServer,
  { database, collection }: Pick<ArchiveCollection, 'database' | 'collection'>,
  tag: string,
): Promise<void> {
  if (isUsualName(collection)) return
  const [fresh, late] = [standingName(collection, 'fresh', tag), standingName(collection, 'late', tag)]
  try {
    await server.renameCollection(database, fresh, late)
    await server.renameCollection(database, late, fresh)
  } catch (error) {
    throw new Problem({
      code: 'collection-not-renamable',
      text: `This server does not rename a collection of that name (${error instanceof Error ? error.message : 'unknown error'}), so that it cannot be exchanged in place. Nothing was changed.`.slice(
        0,
        2000,
      ),
      action: 'Choose the other collections of this database, and restore this one beside.',
      where: `${database}.${collection}`,
    })
  }
}

function emptyChoice(run: RestoreRun, database: string): DatabaseChoice {
  const wanted = run.spec.selection?.namespaces ?? null
  const isWhole = wanted === null || wanted.some((one) => one.database === database && one.collection === null)
  return { database, isWhole, collections: new Map(), expiring: new Set(), views: new Map() }
}

async function insertDocuments(
  run: RestoreRun,
  archive: AsyncIterable<Uint8Array>,
  server: MongoServer,
  tag: string,
): Promise<ArchiveCollection[]> {
  const pending = new Map<ArchiveCollection, Uint8Array[]>()
  let pendingBytes = 0
  let wanted: Set<ArchiveCollection> | null = null
  const verifier = new ArchiveVerifier({
    preludeEnd: (_header, all) => {
      wanted = new Set(all.filter((collection) => isTaken(run, collection)))
      refuseKinds(wanted)
      for (const { database, collection } of wanted)
        requireFittingNames(database, [collection], tag, server.facts.version)
    },
    document: (collection, document) => {
      if (!wanted?.has(collection)) return
      const waiting = pending.get(collection)
      if (waiting) waiting.push(document)
      else pending.set(collection, [document])
      pendingBytes += document.length
    },
  })
  const flush = async () => {
    for (const [{ database, collection }, documents] of pending)
      for (const batch of batchesOf(documents)) {
        run.scope.signal.throwIfAborted()
        const { failed, firstError } = await server.insertRaw(database, standingName(collection, 'fresh', tag), batch)
        if (failed > 0 || firstError !== null) throw documentsRefused(failed, firstError)
      }
    pending.clear()
    pendingBytes = 0
  }
  let isCreated = false
  for await (const chunk of archive) {
    run.scope.signal.throwIfAborted()
    verifier.push(chunk)
    if (!isCreated && wanted) {
      isCreated = true
      for (const collection of wanted as Set<ArchiveCollection>) await create(run, collection, server, tag)
    }
    if (pendingBytes >= insertBatch.bytes) await flush()
  }
  verifier.finish()
  await flush()
  return [...(wanted ?? new Set<ArchiveCollection>())]
}

/** The server’s own collections cannot be renamed; those that another restore kept beside are no part of the instance. */
function isTaken(run: RestoreRun, collection: ArchiveCollection): boolean {
  const namespaces = run.spec.selection?.namespaces ?? null
  if (!isRestored(collection, { namespaces }) || isBeside(collection.collection)) return false
  if (!collection.collection.startsWith('system.')) return true
  run.warnings.add({
    code: 'system-collection',
    text: 'Collections of MongoDB’s own stay as they are in a restore in place.',
    where: namespaceName(collection),
  })
  return false
}

type Kind = Pick<ArchiveCollection, 'database' | 'collection'> & { type: string }

/** Throws Problem `collection-kind`. */
export function refuseKinds(collections: Iterable<Kind>): void {
  for (const collection of collections)
    if (collection.type !== 'collection' && collection.type !== 'view')
      throw new Problem({
        code: 'collection-kind',
        text: `A ${collection.type} collection cannot be renamed, so that it cannot be exchanged in place.`,
        action: 'Restore it beside and copy its documents, or choose the other collections.',
        where: namespaceName(collection),
      })
}

async function create(run: RestoreRun, collection: ArchiveCollection, server: MongoServer, tag: string): Promise<void> {
  if (collection.type === 'view') return
  const wanted = collectionOptions(collection)
  const name = standingName(collection.collection, 'fresh', tag)
  try {
    await server.createCollection(collection.database, name, wanted)
  } catch (error) {
    if (Object.keys(wanted).length === 0) throw error
    run.warnings.add({
      code: 'collection-options-refused',
      text: `MongoDB refused the options of this collection (${error instanceof Error ? error.message : 'unknown error'}).`.slice(
        0,
        2000,
      ),
      where: namespaceName(collection),
    })
    await server.createCollection(collection.database, name)
  }
}

/** Those that let documents expire are given back, to be built after the exchange. */
async function buildIndexes(
  run: RestoreRun,
  collection: ArchiveCollection,
  server: MongoServer,
  tag: string,
): Promise<ExpiryItem[]> {
  const { database, collection: name } = collection
  const expiries: ExpiryItem[] = []
  for (const index of collectionIndexes(collection)) {
    if (index.has('expireAfterSeconds')) expiries.push({ kind: 'expiry', database, name, index: asExtendedJson(index) })
    else
      await server.createIndexes(database, standingName(name, 'fresh', tag), [index]).catch((error: unknown) => {
        run.scope.signal.throwIfAborted()
        run.warnings.add({
          code: 'index-refused',
          text: `MongoDB refused the index ${String(index.get('name'))} (${error instanceof Error ? error.message : 'unknown error'}).`.slice(
            0,
            2000,
          ),
          where: namespaceName(collection),
        })
      })
  }
  return expiries
}

function asExtendedJson(index: IndexSpecification): string {
  return rawToExtendedJson(serialize(new Map(index)))
}

function compare(
  artifact: MongodbArtifact,
  collection: ArchiveCollection,
  found: { count: number; digest: string },
  comparison: Comparison,
): void {
  const facts = artifact.namespaces.find(
    (one) => one.database === collection.database && one.collection === collection.collection,
  )
  comparison.namespacesExpected++
  comparison.documentsCompared += found.count
  if (facts && facts.documents === found.count && facts.digest === found.digest) {
    comparison.namespacesIdentical++
    return
  }
  const text =
    facts && facts.documents === found.count
      ? `as many documents (${found.count}), but not the same ones`
      : `${found.count} documents instead of ${facts?.documents ?? 'those of the manifest'}`
  if (comparison.differences.length < 1000) comparison.differences.push({ where: namespaceName(collection), text })
  comparison.differenceCount++
}
