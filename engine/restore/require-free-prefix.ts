import { parseAddress } from '@/engine/mongodb/address'
import { toMongodbProblem } from '@/engine/mongodb/mongodb-problem'
import { MongoServer } from '@/lib/mongo-driver'
import { Problem } from '@/protocol/problem'
import type { RestoreSpec } from '@/protocol/specs'

/**
 * Makes sure that no database begins with the prefix of a restore: when the restore fails, every one that does is dropped again.
 * Throws Problem `target-exists`.
 */
export async function requireFreePrefix(target: RestoreSpec['target'], signal: AbortSignal): Promise<void> {
  if (!target.mongodb) return
  const { connection, databasePrefix } = target.mongodb
  const taken = (await databaseNames(connection, signal)).find((name) => name.startsWith(databasePrefix))
  if (taken !== undefined)
    throw new Problem({
      code: 'target-exists',
      text: `There is already a database “${taken}”, whose name begins with the prefix of this restore.`,
      action: 'Discard the restore that it is of, or choose another prefix.',
      where: taken,
    })
}

async function databaseNames(connection: string, signal: AbortSignal): Promise<string[]> {
  const address = parseAddress(connection)
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, signal)
    return (await server.listDatabases()).map(({ name }) => name)
  } catch (error) {
    signal.throwIfAborted()
    throw toMongodbProblem(error, address)
  } finally {
    await server?.close()
  }
}
