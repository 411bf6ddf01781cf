import { MongoServer } from '@/lib/mongo-driver'
import type { MongodbSource } from '@/protocol/sources'
import type { MongodbAddress } from './address'
import { askShell } from './mongo-shell'
import { toMongodbProblem } from './mongodb-problem'
import type { Row, RowQuery } from './row-query'

type Answer = { databases: { name: string; sizeBytes: number }[]; rows: Row[][] }

/** The databases of the server, and of each query its rows, however the source is reached. Throws a Problem. */
export async function readRows(
  source: MongodbSource,
  address: MongodbAddress,
  queries: RowQuery[],
  signal: AbortSignal,
): Promise<Answer> {
  if (source.reach !== 'direct') return askShell(source.reach, address, { queries, signal })
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, signal)
    const rows: Row[][] = []
    for (const { database, collection, ...query } of queries)
      rows.push((await server.readFields(database, collection, query)).map((values) => values.map(plain)))
    return { databases: await server.listDatabases(), rows }
  } catch (error) {
    signal.throwIfAborted()
    throw toMongodbProblem(error, address)
  } finally {
    await server?.close()
  }
}

function plain(value: unknown): Row[number] {
  if (value === null || value === undefined) return null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : String(value)
}
