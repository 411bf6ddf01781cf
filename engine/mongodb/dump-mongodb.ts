import type { ArtifactSink } from '@/engine/parts/artifact-sink'
import type { Warning } from '@/protocol/events'
import type { NamespaceFacts } from '@/protocol/manifest'
import { scratchDatabasePattern } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import type { MongodbSource } from '@/protocol/sources'
import { parseAddress } from './address'
import { ArchiveVerifier } from './archive-verifier'
import { builtInToolVersion, dumpBuiltIn, type ToldCounts } from './dump-built-in'
import { dumpWithMongodump } from './dump-with-mongodump'
import { toMongodbProblem } from './mongodb-problem'
import type { Consistency, MongodbProbe } from './probe-mongodb'

export type MongodbDumpFacts = {
  consistency: Consistency
  writtenBy: 'mongodump' | 'built-in'
  serverVersion: string
  toolVersion: string
  namespaces: NamespaceFacts[]
  /** of the whole archive */
  rawSha256: string
}

export type DumpOptions = {
  sink: ArtifactSink
  temporaryFolder: string
  signal: AbortSignal
  warn: (warning: Warning) => void
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
  /** raw bytes of the archive so far */
  progress: (doneBytes: number) => void
}

/**
 * Writes a whole archive into the sink and verifies it while it streams, whoever writes it. Throws a Problem when the dump failed,
 * its archive is damaged, it holds another number of documents than its writer said, or nothing where data was asked for.
 */
export async function dumpMongodb(
  source: MongodbSource,
  probe: MongodbProbe,
  options: DumpOptions,
): Promise<MongodbDumpFacts> {
  const verifier = new ArchiveVerifier()
  let doneBytes = 0
  const write = (chunk: Uint8Array) => {
    verifier.push(chunk)
    doneBytes += chunk.length
    options.progress(doneBytes)
    return options.sink.write(chunk)
  }
  const { told, consistency } = await writeArchive(source, probe, options, write)
  const namespaces = verifier.finish()
  checkCounts(namespaces, told)
  checkNotEmpty(namespaces, source)
  const { way } = probe.tool
  return {
    consistency,
    writtenBy: way,
    serverVersion: verifier.header().serverVersion,
    toolVersion: probe.tool.way === 'mongodump' ? probe.tool.version : builtInToolVersion,
    namespaces,
    rawSha256: verifier.rawSha256(),
  }
}

async function writeArchive(
  source: MongodbSource,
  probe: MongodbProbe,
  options: DumpOptions,
  write: ArtifactSink['write'],
): Promise<{ told: ToldCounts; consistency: Consistency }> {
  const address = parseAddress(source.connection)
  const { databases } = source
  try {
    if (probe.tool.way === 'built-in')
      return await dumpBuiltIn({ ...options, uri: address.uri, databases, consistency: probe.consistency, write })
    if (databases === null) tellScratchDatabases(probe, options)
    const oplog = probe.consistency === 'oplog'
    const { told } = await dumpWithMongodump({
      ...options,
      tool: probe.tool,
      toolUri: address.toolUri,
      hosts: address.hosts,
      database: databases?.[0] ?? null,
      oplog,
      write,
    })
    return { told, consistency: oplog ? 'oplog' : 'plain' }
  } catch (error) {
    options.signal.throwIfAborted()
    throw toMongodbProblem(error, address)
  }
}

/** mongodump takes all databases or one. */
function tellScratchDatabases({ databases }: MongodbProbe, { log }: DumpOptions): void {
  const names = databases.map(({ name }) => name).filter((name) => scratchDatabasePattern.test(name))
  if (names.length === 0) return
  const text = `The dump also holds databases that restores made: ${names.join(', ')}. Discard those restores to leave them out.`
  log('warn', text.slice(0, 4000))
}

/** Exported for its test: the archive must hold exactly what its writer said, collection by collection. */
export function checkCounts(namespaces: NamespaceFacts[], told: ToldCounts): void {
  const found = new Set<string>()
  for (const { database, collection, type, documents } of namespaces) {
    const names = [
      `${database}.${collection}`,
      ...(type === 'timeseries' ? [`${database}.system.buckets.${collection}`] : []),
    ]
    const name = names.find((candidate) => told.has(candidate))
    if (name === undefined) throw short(`its writer did not say that ${names[0]} was done`)
    if (told.get(name) !== documents)
      throw short(`${names[0]} has ${documents} documents, but its writer said ${told.get(name)}`)
    found.add(name)
  }
  const missing = [...told.keys()].find((name) => !found.has(name))
  if (missing !== undefined) throw short(`${missing} is not in it`)
}

/** Exported for its test: mongodump of a database that does not exist ends well, with an archive of nothing. */
export function checkNotEmpty(namespaces: NamespaceFacts[], source: Pick<MongodbSource, 'databases'>): void {
  const held = new Set(namespaces.map(({ database }) => database))
  const missing = source.databases?.find((database) => !held.has(database))
  if (missing !== undefined)
    throw empty(`The dump holds nothing of the database "${missing}".`, 'Correct the databases in the source.')
  const ofUsers = [...held].filter((database) => !['', 'admin', 'config', 'local'].includes(database))
  if (source.databases === null && ofUsers.length === 0)
    throw empty('The server holds no database to back up.', 'Check that the source names the right server.')
}

function short(text: string): Problem {
  return new Problem({
    code: 'dump-short',
    text: `The MongoDB dump is not whole: ${text}.`,
    action: 'Run the backup again. If it happens again, look at its log and at the log of MongoDB.',
  })
}

function empty(text: string, action: string): Problem {
  return new Problem({ code: 'dump-empty', text, action })
}
