import { deserialize } from 'bson'
import type { CollectionFacts, MongoServer } from '@/lib/mongo-driver'
import { besideCollectionPattern, scratchDatabasePattern } from '@/protocol/names'
import { storedCollectionName } from './archive-format'
import type { ListedCollection } from './archive-writer'
import { rawField, rawToExtendedJson } from './extended-json'

/** Of `config`, mongodump takes only these into a whole dump. */
const configCollections = ['chunks', 'collections', 'databases', 'settings', 'shards', 'tags', 'version']

/**
 * All that a dump holds, chosen as mongodump chooses: no `local`, and of the server's own collections only users, roles and
 * stored functions. Unlike mongodump, it leaves out what restores in place keep beside, and a dump of all
 * databases those that restores made beside.
 */
export async function listNamespaces(server: MongoServer, wanted: string[] | null): Promise<ListedCollection[]> {
  const databases = wanted ?? (await server.listDatabases()).map(({ name }) => name).filter(isOfInstance)
  const listed: ListedCollection[] = []
  for (const database of databases) {
    const collections = await server.listCollections(database)
    for (const collection of collections) {
      if (isLeftOut(database, collection.name, wanted)) continue
      listed.push(await describe(server, database, collection))
    }
  }
  return listed
}

/** Exported for its test. */
export function isOfInstance(database: string): boolean {
  return database !== 'local' && !scratchDatabasePattern.test(database)
}

/** Exported for its test; see mongodump's shouldSkipSystemNamespace. */
export function isLeftOut(database: string, collection: string, wanted: string[] | null): boolean {
  if (besideCollectionPattern.test(collection)) return true
  if (database === 'admin') return collection === 'system.keys'
  if (database === 'config') return wanted === null && !configCollections.includes(collection)
  return collection.startsWith('system.') && collection !== 'system.js'
}

async function describe(server: MongoServer, database: string, collection: CollectionFacts): Promise<ListedCollection> {
  const { name, info } = collection
  const type = collection.type === 'view' || collection.type === 'timeseries' ? collection.type : 'collection'
  const indexes = type === 'view' ? [] : await server.listIndexes(database, name)
  const options = rawField(info, 'options')
  const optionsText = options ? rawToExtendedJson(options) : '{}'
  const uuid = uuidOf(info)
  const members = [
    ...(optionsText === '{}' ? [] : [`"options":${optionsText}`]),
    `"indexes":[${indexes.map(rawToExtendedJson).join(',')}]`,
    ...(uuid ? [`"uuid":"${uuid}"`] : []),
    `"collectionName":${JSON.stringify(name)}`,
    `"type":"${type}"`,
  ]
  return {
    database,
    collection: name,
    type,
    metadata: `{${members.join(',')}}`,
    storedCollection: storedCollectionName(name, type, server.facts.version),
  }
}

/** 32 hexadecimal digits, as mongodump writes it; null where the server has none. */
function uuidOf(info: Uint8Array): string | null {
  const uuid = (deserialize(info, { promoteBuffers: false }) as { info?: { uuid?: unknown } }).info?.uuid
  return uuid ? String(uuid).replaceAll('-', '') : null
}
