import { serialize } from 'bson'
import type { DatabasePlace } from './database-place'

type Entry = { type: string; documents: Uint8Array[]; options: Record<string, unknown> }

/** A MongoDB as far as a restore in place uses one, in memory: for tests of what the server at hand does not have, and of crashes. */
export class DatabaseModel implements DatabasePlace {
  readonly databases = new Map<string, Map<string, Entry>>()
  readonly indexes: string[] = []

  collection(database: string, name: string, documents: object[]): void {
    this.#of(database).set(name, { type: 'collection', documents: documents.map((one) => serialize(one)), options: {} })
  }

  /** All there is, to be compared; what each holds without an order. */
  snapshot(): string[] {
    return [...this.databases]
      .flatMap(([database, entries]) =>
        [...entries].map(([name, { type, documents, options }]) =>
          JSON.stringify([
            database,
            name,
            type,
            documents.map((one) => Buffer.from(one).toString('hex')).sort(),
            Object.keys(options).length > 0 ? Buffer.from(serialize(options)).toString('hex') : '',
          ]),
        ),
      )
      .sort()
  }

  readonly listCollections: DatabasePlace['listCollections'] = async (database) =>
    [...this.#of(database)].map(([name, { type, options }]) => ({
      name,
      type,
      info: serialize({ name, type, options }),
    }))

  readonly renameCollection: DatabasePlace['renameCollection'] = async (database, from, to) => {
    const entries = this.#of(database)
    const entry = entries.get(from)
    if (entry?.type !== 'collection') throw new Error(`no collection ${from}`)
    if (entries.has(to)) throw new Error(`${to} is there already`)
    entries.delete(from)
    entries.set(to, entry)
  }

  readonly dropCollection: DatabasePlace['dropCollection'] = async (database, name) => {
    this.#of(database).delete(name)
  }

  readonly createCollection: DatabasePlace['createCollection'] = async (database, name, options = {}) => {
    if (this.#of(database).has(name)) throw new Error(`${name} is there already`)
    this.#of(database).set(name, { type: 'viewOn' in options ? 'view' : 'collection', documents: [], options })
  }

  readonly createIndexes: DatabasePlace['createIndexes'] = async (database, name) => {
    this.indexes.push(`${database}.${name}`)
  }

  readonly listIndexes: DatabasePlace['listIndexes'] = async () => []

  async *readRaw(database: string, name: string): AsyncGenerator<Uint8Array[]> {
    yield this.#of(database).get(name)?.documents ?? []
  }

  async close(): Promise<void> {}

  #of(database: string): Map<string, Entry> {
    const entries = this.databases.get(database) ?? new Map<string, Entry>()
    this.databases.set(database, entries)
    return entries
  }
}
