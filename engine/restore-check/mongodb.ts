import { parseAddress } from '@/engine/mongodb/address'
import { newestFitting } from '@/engine/mongodb/choose-tool'
import { toMongodbProblem } from '@/engine/mongodb/mongodb-problem'
import { toolsFor } from '@/engine/mongodb/probe-mongodb'
import { checkTargets } from '@/engine/mongodb/restore-target'
import type { MongodbArtifact } from '@/engine/restore/restore-run'
import { MongoServer } from '@/lib/mongo-driver'
import { Problem } from '@/protocol/problem'
import type { CheckRestoreSpec } from '@/protocol/specs'
import { compareVersions } from '@/protocol/version'
import type { Finding } from './check-lines'

type Target = NonNullable<CheckRestoreSpec['target']['mongodb']>

/**
 * Whether the server answers, lets us make and drop a database of the restore's prefix, has none yet, and fits the archives.
 * `databases`: names of those that will be restored. Throws a Problem.
 */
export async function checkMongodb(
  target: Target,
  archives: Pick<MongodbArtifact, 'serverVersion'>[],
  databases: string[],
  options: { toolFolders: string[]; signal: AbortSignal },
): Promise<Finding> {
  const address = parseAddress(target.connection)
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, options.signal)
    const { version, maxWireVersion } = server.facts
    const existing = (await server.listDatabases()).map(({ name }) => name)
    requireFree(existing, target.databasePrefix)
    const targets = databases.map((database) => ({
      database,
      collection: '',
      type: 'collection' as const,
      metadata: '',
      storedCollection: '',
    }))
    checkTargets(targets, target.databasePrefix, existing)
    const tool = newestFitting(await toolsFor(target.tools, 'mongorestore', options), maxWireVersion)
    if (!tool && target.tools !== 'auto' && target.tools !== 'built-in') throw toolsMissing(target.tools, version)
    await tryToWrite(server, `${target.databasePrefix}check`)
    const way = tool ? `mongorestore ${tool.version}` : 'the built-in restorer'
    const text = `MongoDB ${version} answers, lets this worker make databases, and has none of the names. Restored by ${way}.`
    return withVersions(text, version, archives)
  } catch (error) {
    options.signal.throwIfAborted()
    throw error instanceof Problem ? error : toMongodbProblem(error, address)
  } finally {
    await server?.close()
  }
}

/** Amber where the server and an archive are not of one major version. */
export function withVersions(
  text: string,
  version: string,
  archives: Pick<MongodbArtifact, 'serverVersion'>[],
): Finding {
  const differing = archives.find(({ serverVersion }) => majorOf(serverVersion) !== majorOf(version))
  if (!differing) return text
  const isOlder = compareVersions(version, differing.serverVersion) < 0
  return {
    level: 'amber',
    text: `${text} The archive is of MongoDB ${differing.serverVersion}.`,
    action: isOlder
      ? 'An older server may refuse documents, options or indexes; the comparison will tell. Better take a server of the same version.'
      : 'A newer server may refuse options or indexes of old; the comparison tells whether all documents are there.',
  }
}

function requireFree(existing: string[], prefix: string): void {
  const taken = existing.find((name) => name.startsWith(prefix))
  if (taken !== undefined)
    throw new Problem({
      code: 'target-exists',
      text: `There is already a database “${taken}”, whose name begins with the prefix of this restore.`,
      action: 'Check once more: the next one takes another prefix.',
    })
}

/** The rights that count are those to write: an empty collection is made and dropped. */
async function tryToWrite(server: MongoServer, database: string): Promise<void> {
  try {
    await server.createCollection(database, 'check')
  } finally {
    await server.dropDatabase(database)
  }
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? ''
}

function toolsMissing(folder: string, version: string): Problem {
  return new Problem({
    code: 'mongodb-tools-missing',
    text: `There is no mongorestore in ${folder} that serves MongoDB ${version}.`,
    action: 'Correct the source’s folder of tools, or let Talekeeper choose ("auto").',
  })
}
