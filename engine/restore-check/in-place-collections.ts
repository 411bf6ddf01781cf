import type { choicesOf } from '@/engine/restore/in-place/choose-in-place'
import { isBeside, standingName } from '@/engine/restore/in-place/collection-names'
import { connectTo } from '@/engine/restore/in-place/connection-file'
import type { InPlaceRun } from '@/engine/restore/in-place/in-place-run'
import { replaceable, requireFittingNames, requireNotSharded } from '@/engine/restore/in-place/plan-collections'
import { isUsualName, refuseKinds, requireRenamable } from '@/engine/restore/in-place/stage-databases'
import type { MongodbArtifact } from '@/engine/restore/restore-run'
import type { MongoServer } from '@/lib/mongo-driver'
import { Problem } from '@/protocol/problem'
import type { Finding } from './check-lines'
import { withVersions } from './mongodb'

type Choices = ReturnType<typeof choicesOf>

/**
 * Whether the server's collections can be exchanged: kinds, names, the right to make, rename and drop (tried with an empty collection
 * in each database that is there), what earlier restores left. Throws a Problem.
 */
export async function checkCollections(
  run: InPlaceRun,
  choices: Choices,
  archives: Pick<MongodbArtifact, 'serverVersion'>[],
): Promise<Finding> {
  const { mongodb } = run.spec.target
  if (!mongodb) throw new Error('databases without a server')
  const server = await connectTo(mongodb.connection)
  try {
    requireNotSharded(server)
    const leftovers: string[] = []
    for (const choice of choices) leftovers.push(...(await checkDatabase(server, choice, run.tag)))
    const { version } = server.facts
    const text = `MongoDB ${version} answers, and lets this worker make, rename and drop collections.`
    if (leftovers.length > 0)
      return {
        level: 'amber',
        text: `${text} It holds what an earlier restore left: ${leftovers.slice(0, 20).join(', ')}.`.slice(0, 2000),
        action: 'They take room and are not touched. Look what they are, and drop them by hand if nobody needs them.',
      }
    return withVersions(text, version, archives)
  } finally {
    await server.close()
  }
}

/** What lies there beside, of earlier restores. */
async function checkDatabase(
  server: MongoServer,
  { database, isWhole, namespaces }: Choices[number],
  tag: string,
): Promise<string[]> {
  const names = namespaces.map(({ collection }) => collection)
  refuseKinds(namespaces)
  requireFittingNames(database, names, tag, server.facts.version)
  const there = await replaceable(server, { database, isWhole }, new Set(names))
  requireFittingNames(database, [...there.keys()], tag, server.facts.version)
  const all = (await server.listCollections(database)).map(({ name }) => name)
  if (all.length > 0) {
    await tryToExchange(server, database, tag)
    for (const name of names.filter((one) => !isUsualName(one))) await tryName(server, database, name, tag)
  }
  return all.filter(isBeside).map((name) => `${database}.${name}`)
}

/** The rights that an exchange takes. A database that is not there is not made for it. */
async function tryToExchange(server: MongoServer, database: string, tag: string): Promise<void> {
  const [fresh, late] = [standingName('talekeeper', 'fresh', tag), standingName('talekeeper', 'late', tag)]
  let standing = fresh
  try {
    await server.createCollection(database, fresh)
    await server.renameCollection(database, fresh, late)
    standing = late
    await server.dropCollection(database, late)
  } catch (error) {
    await server.dropCollection(database, standing).catch(() => {})
    throw new Problem({
      code: 'rights-missing',
      text: `This worker’s user of MongoDB may not make, rename and drop collections there: ${error instanceof Error ? error.message : 'unknown error'}`.slice(
        0,
        2000,
      ),
      action: 'Give it the role readWrite on this database.',
      where: database,
    })
  }
}

async function tryName(server: MongoServer, database: string, collection: string, tag: string): Promise<void> {
  const fresh = standingName(collection, 'fresh', tag)
  try {
    await server.createCollection(database, fresh)
    await requireRenamable(server, { database, collection }, tag)
  } finally {
    await server.dropCollection(database, fresh)
  }
}
