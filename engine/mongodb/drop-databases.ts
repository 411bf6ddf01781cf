import { MongoServer } from '@/lib/mongo-driver'
import { Problem } from '@/protocol/problem'
import { parseAddress } from './address'
import { toMongodbProblem } from './mongodb-problem'

/** Drops the databases of a restore: those whose name begins with its prefix. Returns their names; throws a Problem. */
export async function dropDatabases(options: {
  connection: string
  databasePrefix: string
  signal: AbortSignal
}): Promise<string[]> {
  if (options.databasePrefix === '')
    throw new Problem({ code: 'invalid-request', text: 'Databases are only dropped by a prefix that is not empty.' })
  const address = parseAddress(options.connection)
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, options.signal)
    const names = (await server.listDatabases()).map(({ name }) => name)
    const ours = names.filter((name) => name.startsWith(options.databasePrefix) && name !== options.databasePrefix)
    for (const name of ours) {
      options.signal.throwIfAborted()
      await server.dropDatabase(name)
    }
    return ours
  } catch (error) {
    options.signal.throwIfAborted()
    throw toMongodbProblem(error, address)
  } finally {
    await server?.close()
  }
}
