import { MongoServer, type ServerFacts } from '@/lib/mongo-driver'
import { findTools, type Tool } from '@/lib/mongo-tools'
import type { MongodbContainer } from '@/protocol/mongodb-container'
import { Problem } from '@/protocol/problem'
import type { MongodbSource } from '@/protocol/sources'
import { compareVersions } from '@/protocol/version'
import { type MongodbAddress, parseAddress } from './address'
import { chooseTool, type DumpTool } from './choose-tool'
import { toMongodbProblem } from './mongodb-problem'
import { probeInContainer } from './probe-in-container'
import { serverOfWireVersion } from './tool-versions'

export type Consistency = 'plain' | 'oplog' | 'snapshot'

export type MongodbProbe = {
  /** `7.0.14`; of a server too old for the driver only its series, as `3.2` */
  serverVersion: string
  replicaSet: string | null
  tool: DumpTool
  /** what the dump will be asked for; it says itself what it came to */
  consistency: Consistency
  /** empty when the server is too old for the driver */
  databases: { name: string; sizeBytes: number }[]
}

/** What is known of the server, and whether the driver serves it. */
type Reached = { facts: ServerFacts; driverServes: boolean; databases: MongodbProbe['databases'] }

/** Reaches the server, looks for the databases that the source names, and decides who will write the dump. Throws a Problem. */
export async function probeMongodb(
  source: MongodbSource,
  options: { toolFolders: string[]; temporaryFolder: string; signal: AbortSignal },
): Promise<MongodbProbe> {
  const address = parseAddress(source.connection)
  if (source.reach !== 'direct') return containerProbe(source, source.reach, address, options.signal)
  const reached = await reach(address, options.signal)
  if (reached.driverServes) checkDatabases(source, reached.databases, address)
  const tools = await toolsFor(source.tools, 'mongodump', options)
  const tool = chooseTool({
    tools: source.tools,
    found: tools,
    databases: source.databases,
    facts: reached.facts,
    driverServes: reached.driverServes,
    where: address.hosts,
  })
  return {
    serverVersion: reached.facts.version,
    replicaSet: reached.facts.replicaSet,
    tool,
    consistency: chooseConsistency(source, tool, reached.facts),
    databases: reached.databases,
  }
}

async function containerProbe(
  source: MongodbSource,
  container: MongodbContainer,
  address: MongodbAddress,
  signal: AbortSignal,
): Promise<MongodbProbe> {
  const { version, replicaSet, databases, tool, ...facts } = await probeInContainer(source, container, address, signal)
  checkDatabases(source, databases, address)
  const consistency = chooseConsistency(source, tool, { version, replicaSet, ...facts })
  return { serverVersion: version, replicaSet, tool, consistency, databases }
}

/** The tools that a source or restore may use: none, those of one folder, or those of PATH and of the worker's tool folders. */
export async function toolsFor(
  wanted: MongodbSource['tools'],
  name: Tool['name'],
  options: { toolFolders: string[]; signal: AbortSignal },
): Promise<Tool[]> {
  if (wanted === 'built-in') return []
  const found = await findTools(name, wanted === 'auto' ? options.toolFolders : [wanted], options.signal)
  return wanted === 'auto' ? found : found.filter((tool) => tool.program === `${wanted}/${name}`)
}

async function reach(address: MongodbAddress, signal: AbortSignal): Promise<Reached> {
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, signal)
    return { facts: server.facts, driverServes: true, databases: await server.listDatabases() }
  } catch (error) {
    signal.throwIfAborted()
    const wireVersion = refusedWireVersion(error)
    if (wireVersion === null) throw toMongodbProblem(error, address)
    return { facts: factsOfOldServer(address, wireVersion), driverServes: false, databases: [] }
  } finally {
    await server?.close()
  }
}

/** The driver refuses old servers by an error that names their wire version. */
function refusedWireVersion(error: unknown): number | null {
  const problem = /reports maximum wire version (\d+), but this version of the Node\.js Driver/.exec(String(error))
  return problem ? Number(problem[1]) : null
}

function factsOfOldServer(address: MongodbAddress, wireVersion: number): ServerFacts {
  return {
    version: serverOfWireVersion(wireVersion),
    maxWireVersion: wireVersion,
    replicaSet: /[?&]replicaSet=([^&]+)/i.exec(address.uri)?.[1] ?? null,
    isRouter: false,
  }
}

function checkDatabases(source: MongodbSource, databases: MongodbProbe['databases'], address: MongodbAddress): void {
  const missing = source.databases?.find((name) => !databases.some((database) => database.name === name))
  if (missing === undefined) return
  throw new Problem({
    code: 'mongodb-unknown-database',
    text: `The server has no database "${missing}".`,
    action: `Correct the source. The server has: ${databases.map(({ name }) => name).join(', ') || 'no database at all'}.`,
    where: address.hosts,
  })
}

function chooseConsistency(source: MongodbSource, tool: DumpTool, facts: ServerFacts): Consistency {
  if (source.consistency === 'plain') return 'plain'
  if (tool.way === 'mongodump')
    return source.databases === null && facts.replicaSet && !facts.isRouter ? 'oplog' : 'plain'
  const hasSnapshots = compareVersions(facts.version, '5.0') >= 0 && (facts.replicaSet !== null || facts.isRouter)
  return hasSnapshots ? 'snapshot' : 'plain'
}
