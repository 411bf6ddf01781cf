import { MongoServer } from '@/lib/mongo-driver'
import type { Warning } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { archivePrelude, type ListedCollection, NamespaceWriter } from './archive-writer'
import { listNamespaces } from './list-namespaces'
import type { Consistency } from './probe-mongodb'

type Session = ReturnType<MongoServer['startSnapshot']>
type Write = (chunk: Uint8Array) => Promise<void> | undefined

/** Documents are copied side by side into chunks of about this size. */
const chunkBytes = 1024 * 1024

/** What the writer of a dump says that it wrote: `database.collection` → documents. */
export type ToldCounts = Map<string, number>

export const builtInToolVersion = 'talekeeper 0.1.0'

/**
 * Writes an archive by the driver, one collection after the other. With a snapshot all are read as of one moment; a collection
 * that the server cannot read so is read plainly, with a warning, and then the dump as a whole is `plain`.
 */
export async function dumpBuiltIn(options: {
  uri: string
  databases: string[] | null
  consistency: Consistency
  write: Write
  signal: AbortSignal
  warn: (warning: Warning) => void
  log: (level: 'info', text: string) => void
}): Promise<{ told: ToldCounts; consistency: Consistency }> {
  const { write, signal, warn, log } = options
  const server = await MongoServer.connect(options.uri, signal)
  const session = options.consistency === 'snapshot' ? server.startSnapshot() : undefined
  let consistency: Consistency = session ? 'snapshot' : 'plain'
  const leaveSnapshot = ({ database, collection }: ListedCollection) => {
    if (database === 'admin' || database === 'config') return
    consistency = 'plain'
    warn({
      code: 'mongodb-no-snapshot',
      text: 'This collection could not be read as of the same moment as the others.',
      where: `${database}.${collection}`,
    })
  }
  try {
    const collections = await listNamespaces(server, options.databases)
    await write(archivePrelude(archiveHeader(server), collections))
    const told: ToldCounts = new Map()
    for (const collection of collections) {
      signal.throwIfAborted()
      const batches = readCollection(server, collection, session, leaveSnapshot)
      const documents = await writeCollection(collection, batches, write)
      told.set(`${collection.database}.${collection.collection}`, documents)
      log(
        'info',
        `dumped ${collection.database}.${collection.collection} (${documents} ${documents === 1 ? 'document' : 'documents'})`,
      )
    }
    return { told, consistency }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    await session?.endSession().catch(() => {})
    await server.close()
  }
}

function archiveHeader(server: MongoServer) {
  return { concurrentCollections: 1, serverVersion: server.facts.version, toolVersion: builtInToolVersion }
}

async function writeCollection(
  collection: ListedCollection,
  batches: AsyncIterable<Uint8Array[]>,
  write: Write,
): Promise<number> {
  const writer = new NamespaceWriter(collection.database, collection.storedCollection)
  let count = 0
  await write(writer.begin())
  for await (const batch of batches) {
    count += batch.length
    for (const documents of sliceBatch(batch)) await write(writer.documents(documents))
  }
  await write(writer.end())
  return count
}

function* sliceBatch(batch: Uint8Array[]): Generator<Uint8Array[]> {
  let slice: Uint8Array[] = []
  let bytes = 0
  for (const document of batch) {
    slice.push(document)
    bytes += document.length
    if (bytes < chunkBytes) continue
    yield slice
    slice = []
    bytes = 0
  }
  if (slice.length > 0) yield slice
}

async function* readCollection(
  server: MongoServer,
  collection: ListedCollection,
  session: Session | undefined,
  leaveSnapshot: (collection: ListedCollection) => void,
): AsyncGenerator<Uint8Array[]> {
  const { database, storedCollection, type } = collection
  if (type === 'view') return
  if (!session) {
    yield* server.readRaw(database, storedCollection)
    return
  }
  let started = false
  try {
    for await (const batch of server.readRaw(database, storedCollection, session)) {
      started = true
      yield batch
    }
  } catch (error) {
    if (started) throw snapshotLost(error, collection)
    leaveSnapshot(collection)
    yield* server.readRaw(database, storedCollection)
  }
}

const snapshotTooOld = 239

/** The server keeps the past of a snapshot for five minutes only, unless told otherwise. */
function snapshotLost(error: unknown, { database, collection }: ListedCollection): unknown {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== snapshotTooOld) return error
  return new Problem({
    code: 'mongodb-snapshot-too-old',
    text: 'The dump took longer than the server keeps a snapshot.',
    action:
      'Raise minSnapshotHistoryWindowInSeconds on the server, or set the consistency of the source to "plain" (each collection as of its own read).',
    where: `${database}.${collection}`,
  })
}
