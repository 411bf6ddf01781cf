import { deserialize, serialize } from 'bson'
import { parseExtendedJson, rawField, rawToExtendedJson } from '@/engine/mongodb/extended-json'
import type { MongoServer } from '@/lib/mongo-driver'

/** What a restore in place needs of a MongoDB; the server itself, or a model of it in tests. */
export type DatabasePlace = Pick<
  MongoServer,
  | 'listCollections'
  | 'listIndexes'
  | 'renameCollection'
  | 'dropCollection'
  | 'createCollection'
  | 'createIndexes'
  | 'readRaw'
>

export type Namespace = {
  name: string
  type: string
  /** of a view */
  definition: string | null
}

/** The collections and views of a database by name; the server's own are left out. */
export async function listNamespaces(
  server: Pick<DatabasePlace, 'listCollections'>,
  database: string,
): Promise<Map<string, Namespace>> {
  const found = new Map<string, Namespace>()
  for (const { name, type, info } of await server.listCollections(database)) {
    if (name.startsWith('system.')) continue
    found.set(name, { name, type, definition: type === 'view' ? definitionOf(info) : null })
  }
  return found
}

function definitionOf(info: Uint8Array): string {
  const options = rawField(info, 'options')
  const values = options ? parseExtendedJson(rawToExtendedJson(options)) : new Map()
  return viewDefinition(values instanceof Map ? Object.fromEntries(values) : {})
}

/** Whether the server deletes documents of a collection by itself. */
export async function hasExpiry(
  server: Pick<DatabasePlace, 'listIndexes'>,
  database: string,
  collection: string,
): Promise<boolean> {
  const indexes = await server.listIndexes(database, collection)
  return indexes.some((index) => 'expireAfterSeconds' in deserialize(index))
}

const fieldsOfView = ['viewOn', 'pipeline', 'collation']

/** What a view shows, as Extended JSON in an order of our own. Values are those of `parseExtendedJson`. */
export function viewDefinition(options: Record<string, unknown>): string {
  const fields = fieldsOfView.filter((field) => options[field] !== undefined)
  return rawToExtendedJson(serialize(new Map(fields.map((field) => [field, options[field]]))))
}

/** As `create` takes it. */
export function viewOptions(definition: string): Record<string, unknown> {
  const options = parseExtendedJson(definition)
  return options instanceof Map ? Object.fromEntries(options) : {}
}
