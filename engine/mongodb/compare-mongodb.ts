import { MongoServer } from '@/lib/mongo-driver'
import type { NamespaceFacts } from '@/protocol/manifest'
import { parseAddress } from './address'
import { storedCollectionName } from './archive-format'
import { DocumentDigest } from './document-digest'
import { toMongodbProblem } from './mongodb-problem'

const longestList = 1000

export type MongodbComparison = {
  namespacesExpected: number
  namespacesIdentical: number
  documentsCompared: number
  /** the first 1000 */
  differences: { where: string; text: string }[]
  differenceCount: number
}

/**
 * Compares restored databases with a manifest's facts: every namespace by count and by the order-free digest of its raw documents,
 * and that nothing else is there. Views are compared by being there. Throws a Problem when the server cannot be read.
 */
export async function compareMongodb(options: {
  connection: string
  databasePrefix: string
  namespaces: NamespaceFacts[]
  /** `database.collection` that the restore left out */
  skippedNamespaces: string[]
  signal: AbortSignal
  /** raw bytes read so far */
  progress: (doneBytes: number) => void
}): Promise<MongodbComparison> {
  const address = parseAddress(options.connection)
  const expected = options.namespaces.filter((facts) => !options.skippedNamespaces.includes(nameOf(facts)))
  const result: MongodbComparison = {
    namespacesExpected: expected.length,
    namespacesIdentical: 0,
    documentsCompared: 0,
    differences: [],
    differenceCount: 0,
  }
  const differ = (where: string, text: string) => {
    if (result.differences.length < longestList) result.differences.push({ where, text })
    result.differenceCount++
  }
  let server: MongoServer | undefined
  try {
    server = await MongoServer.connect(address.uri, options.signal)
    const present = await listPresent(server, expected, options.databasePrefix)
    let doneBytes = 0
    for (const facts of expected) {
      options.signal.throwIfAborted()
      const name = nameOf(facts)
      if (!present.delete(name)) {
        differ(name, `this ${facts.type} is not there`)
        continue
      }
      const found = await readFacts(server, facts, options.databasePrefix)
      const difference = describeDifference(facts, found)
      if (difference) differ(name, difference)
      else result.namespacesIdentical++
      result.documentsCompared += found.documents
      doneBytes += found.bytes
      options.progress(doneBytes)
    }
    for (const name of present) differ(name, 'this collection is not in the backup')
    return result
  } catch (error) {
    options.signal.throwIfAborted()
    throw toMongodbProblem(error, address)
  } finally {
    await server?.close()
  }
}

/** `database.collection`, without the prefix, of all that is in the restored databases. */
async function listPresent(server: MongoServer, expected: NamespaceFacts[], prefix: string): Promise<Set<string>> {
  const present = new Set<string>()
  for (const database of new Set(expected.map((facts) => facts.database)))
    for (const { name } of await server.listCollections(prefix + database))
      if (!name.startsWith('system.') || name === 'system.js') present.add(`${database}.${name}`)
  return present
}

type Found = { documents: number; bytes: number; digest: string }

async function readFacts(server: MongoServer, facts: NamespaceFacts, prefix: string): Promise<Found> {
  const digest = new DocumentDigest()
  let documents = 0
  let bytes = 0
  if (facts.type !== 'view') {
    const stored = storedCollectionName(facts.collection, facts.type, server.facts.version)
    for await (const batch of server.readRaw(prefix + facts.database, stored)) {
      for (const document of batch) {
        digest.add(document)
        bytes += document.length
      }
      documents += batch.length
    }
  }
  return { documents, bytes, digest: digest.hex() }
}

function describeDifference(facts: NamespaceFacts, found: Found): string | null {
  if (facts.type === 'view') return null
  if (found.documents !== facts.documents) return `${found.documents} documents instead of ${facts.documents}`
  if (found.digest !== facts.digest) return `as many documents (${found.documents}), but not the same ones`
  return null
}

function nameOf(facts: NamespaceFacts): string {
  return `${facts.database}.${facts.collection}`
}
