import { MongoServer } from '@/lib/mongo-driver'
import { Problem } from '@/protocol/problem'
import { type MongodbAddress, parseAddress } from './address'
import { newestFitting } from './choose-tool'
import { toMongodbProblem } from './mongodb-problem'
import { toolsFor } from './probe-mongodb'
import { restoreBuiltIn } from './restore-built-in'
import { restoreIndexes } from './restore-indexes'
import type { Restored, RestoreOptions, RestoreTask } from './restore-target'
import { restoreWithMongorestore } from './restore-with-mongorestore'

/**
 * Reads an archive, whoever wrote it, into databases of their own: `${databasePrefix}${database}`. None of them may exist. The
 * archive is verified while it is read; what is restored counts only when all went well. Indexes are built at the end, but those that
 * let documents expire. Throws a Problem; the caller drops what is there then.
 */
export async function restoreMongodb(
  options: RestoreOptions,
): Promise<{ namespaces: number; documents: number; skippedNamespaces: string[] }> {
  const address = parseAddress(options.connection)
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, options.signal)
    const existing = (await server.listDatabases()).map(({ name }) => name)
    const restored = await restoreDocuments(server, address, { ...options, existing })
    await restoreIndexes(server, restored.collections, options)
    const { documents, skippedNamespaces } = restored
    if (skippedNamespaces.length > 0)
      options.log('info', `left out, as system namespaces: ${skippedNamespaces.join(', ')}`)
    return { namespaces: restored.collections.length, documents, skippedNamespaces }
  } catch (error) {
    options.signal.throwIfAborted()
    throw toMongodbProblem(error, address)
  } finally {
    await server?.close()
  }
}

async function restoreDocuments(server: MongoServer, address: MongodbAddress, options: RestoreTask): Promise<Restored> {
  const tools = await toolsFor(options.tools, 'mongorestore', options)
  const tool = newestFitting(tools, server.facts.maxWireVersion)
  if (tool) return restoreWithMongorestore(tool, address, options)
  if (options.tools === 'auto' || options.tools === 'built-in') return restoreBuiltIn(server, options)
  throw new Problem({
    code: 'mongodb-tools-missing',
    text: `There is no mongorestore in ${options.tools} that serves MongoDB ${server.facts.version}.`,
    action: 'Correct the folder, or let Talekeeper choose ("auto").',
    where: options.tools,
  })
}
