import { deserialize } from 'bson'
import {
  type ClientSession,
  type Document,
  type FindOptions,
  MongoClient,
  type MongoClientOptions,
  MongoServerError,
} from 'mongodb'
// An internal class of the driver, pinned by package.json and guarded by mongo-driver.integration.test.ts: the driver's public
// interface has no way to insert a document as its raw bytes.
import { DocumentSequence } from 'mongodb/lib/cmap/commands.js'

export type ServerFacts = {
  version: string
  maxWireVersion: number
  /** null for a single server and for a router of shards */
  replicaSet: string | null
  isRouter: boolean
}

/** `info` is the raw document of listCollections: its options keep the order of their fields. */
export type CollectionFacts = { name: string; type: string; info: Uint8Array }

export type InsertResult = { inserted: number; failed: number; firstError: string | null }

/** What MongoDB-compatible servers answer to an option that they do not have. */
const notImplemented = 238

/** What the address itself says goes first. */
const defaultOptions: MongoClientOptions = {
  appName: 'talekeeper',
  serverSelectionTimeoutMS: 10_000,
  connectTimeoutMS: 5_000,
  maxPoolSize: 4,
}

/** `insert` takes at most so many documents and bytes in one message (the server's limit is 100,000 and 48 MB). */
export const insertBatch = { documents: 5000, bytes: 8 * 1024 * 1024 }

/** `firstError` is what the server said of the first statement that it refused. */
export type RawWritten = { written: number; firstError: string | null }

/** Reads and writes documents as raw BSON: nothing is interpreted, so that nothing can change on the way. */
export class MongoServer {
  readonly facts: ServerFacts
  readonly #client: MongoClient
  readonly #forgetSignal: () => void

  private constructor(client: MongoClient, facts: ServerFacts, forgetSignal: () => void) {
    this.#client = client
    this.facts = facts
    this.#forgetSignal = forgetSignal
  }

  /** `uri` is a mongodb:// or mongodb+srv:// address. Aborting the signal closes all connections; what is under way then fails. */
  static async connect(uri: string, signal?: AbortSignal): Promise<MongoServer> {
    signal?.throwIfAborted()
    const client = new MongoClient(uri, optionsFor(uri))
    const close = () => void client.close(true).catch(() => {})
    signal?.addEventListener('abort', close, { once: true })
    const forgetSignal = () => signal?.removeEventListener('abort', close)
    try {
      await client.connect()
      const admin = client.db('admin')
      const [hello, build] = await Promise.all([admin.command({ hello: 1 }), admin.command({ buildInfo: 1 })])
      const facts = {
        version: String(build.version),
        maxWireVersion: Number(hello.maxWireVersion),
        replicaSet: typeof hello.setName === 'string' ? hello.setName : null,
        isRouter: hello.msg === 'isdbgrid',
      }
      return new MongoServer(client, facts, forgetSignal)
    } catch (error) {
      forgetSignal()
      await client.close(true).catch(() => {})
      signal?.throwIfAborted()
      throw error
    }
  }

  close(): Promise<void> {
    this.#forgetSignal()
    return this.#client.close(true).catch(() => {})
  }

  async listDatabases(): Promise<{ name: string; sizeBytes: number }[]> {
    const answer = await this.#client.db('admin').command({ listDatabases: 1 })
    const databases = answer.databases as { name: string; sizeOnDisk?: number }[]
    return databases.map(({ name, sizeOnDisk }) => ({ name, sizeBytes: Number(sizeOnDisk ?? 0) }))
  }

  async listCollections(database: string): Promise<CollectionFacts[]> {
    const cursor = this.#client.db(database).listCollections({}, { raw: true })
    const infos = (await cursor.toArray()) as unknown as Uint8Array[]
    return infos.map((info) => {
      const { name, type } = deserialize(info)
      return { name: String(name), type: typeof type === 'string' ? type : 'collection', info }
    })
  }

  /** Raw documents of listIndexes: the keys of an index keep their order. */
  async listIndexes(database: string, collection: string): Promise<Uint8Array[]> {
    const cursor = this.#client.db(database).collection(collection).listIndexes({ raw: true })
    return (await cursor.toArray()) as unknown as Uint8Array[]
  }

  /** Some fields of some documents, as plain values; for facts about an instance, never for a backup. */
  async readFields(
    database: string,
    collection: string,
    query: { filter: Document; fields: string[]; limit: number },
  ): Promise<unknown[][]> {
    const projection = Object.fromEntries(query.fields.map((field) => [field, 1]))
    const found = await this.#client
      .db(database)
      .collection(collection)
      .find(query.filter, { projection, limit: query.limit })
      .toArray()
    return found.map((document) => query.fields.map((field) => document[field]))
  }

  /** A session whose reads all see the server as of one moment. Needs a replica set or shards, and MongoDB 5.0 or newer. */
  startSnapshot(): ClientSession {
    return this.#client.startSession({ snapshot: true })
  }

  /** All documents as raw BSON, one answer of the server at a time; the next one is asked for while the caller works. A slow upload must not end the dump: the cursor lives as long as its session (30 minutes without a read). */
  async *readRaw(database: string, collection: string, session?: ClientSession): AsyncGenerator<Uint8Array[]> {
    const find = (options: FindOptions) =>
      this.#client
        .db(database)
        .collection(collection)
        .find({}, { raw: true, ...options, ...(session ? { session } : {}) })
    let cursor = find({ noCursorTimeout: true })
    try {
      let more = await cursor.hasNext().catch((error: unknown) => {
        if (!(error instanceof MongoServerError) || error.code !== notImplemented) throw error
        cursor = find({})
        return cursor.hasNext()
      })
      while (more) {
        const documents = cursor.readBufferedDocuments() as unknown as Uint8Array[]
        const next = cursor.hasNext()
        next.catch(() => {}) // awaited below, unless the caller ends early
        yield documents
        more = await next
      }
    } finally {
      await cursor.close().catch(() => {})
    }
  }

  /** Inserts at most `insertBatch` raw documents, unordered; those that the server refuses are counted, not thrown. */
  async insertRaw(database: string, collection: string, documents: Uint8Array[]): Promise<InsertResult> {
    if (documents.length === 0) return { inserted: 0, failed: 0, firstError: null }
    const sequence = new DocumentSequence('documents')
    for (const document of documents) sequence.push({}, document)
    const answer = await this.#client
      .db(database)
      .command({ insert: collection, documents: sequence, ordered: false, bypassDocumentValidation: true })
    const errors = (answer.writeErrors ?? []) as { errmsg?: string }[]
    const concern = answer.writeConcernError as { errmsg?: string } | undefined
    const inserted = Number(answer.n)
    return {
      inserted,
      failed: documents.length - inserted,
      firstError: errors[0]?.errmsg ?? concern?.errmsg ?? null,
    }
  }

  /** Carries out raw statements of the `update` command, `{q, u}`; `written` is how many documents they found. */
  updateRaw(database: string, collection: string, statements: Uint8Array[]): Promise<RawWritten> {
    const command = { update: collection, ordered: false, bypassDocumentValidation: true }
    return this.#carryOut(database, command, 'updates', statements)
  }

  /** Carries out raw statements of the `delete` command, `{q, limit}`; `written` is how many documents were deleted. */
  deleteRaw(database: string, collection: string, statements: Uint8Array[]): Promise<RawWritten> {
    return this.#carryOut(database, { delete: collection, ordered: false }, 'deletes', statements)
  }

  async #carryOut(
    database: string,
    command: Document,
    list: 'updates' | 'deletes',
    statements: Uint8Array[],
  ): Promise<RawWritten> {
    if (statements.length === 0) return { written: 0, firstError: null }
    const sequence = new DocumentSequence(list)
    for (const statement of statements) sequence.push({}, statement)
    const answer = await this.#client.db(database).command({ ...command, [list]: sequence })
    const errors = (answer.writeErrors ?? []) as { errmsg?: string }[]
    return { written: Number(answer.n), firstError: errors[0]?.errmsg ?? null }
  }

  /** Deletes all documents, and keeps the collection with its indexes; returns how many there were. */
  async deleteAll(database: string, collection: string): Promise<number> {
    const { deletedCount } = await this.#client.db(database).collection(collection).deleteMany({})
    return deletedCount
  }

  /** `options` are those of the `create` command; values may be Maps, which keep the order of their fields. */
  async createCollection(database: string, collection: string, options: Document = {}): Promise<void> {
    await this.#client.db(database).command({ create: collection, ...options })
  }

  async createIndexes(database: string, collection: string, indexes: ReadonlyMap<string, unknown>[]): Promise<void> {
    await this.#client.db(database).command({ createIndexes: collection, indexes })
  }

  /** Drops a collection or a view; one that is not there is fine. */
  async dropCollection(database: string, collection: string): Promise<void> {
    const namespaceNotFound = 26
    await this.#client
      .db(database)
      .command({ drop: collection })
      .catch((error: unknown) => {
        if (!(error instanceof MongoServerError) || error.code !== namespaceNotFound) throw error
      })
  }

  async dropDatabase(database: string): Promise<void> {
    await this.#client.db(database).dropDatabase()
  }

  async renameCollection(database: string, from: string, to: string): Promise<void> {
    await this.#client
      .db('admin')
      .command({ renameCollection: `${database}.${from}`, to: `${database}.${to}`, dropTarget: false })
  }
}

function optionsFor(uri: string): MongoClientOptions {
  const given = uri.toLowerCase()
  const options = Object.entries(defaultOptions).filter(([name]) => !given.includes(`${name.toLowerCase()}=`))
  return Object.fromEntries(options)
}
