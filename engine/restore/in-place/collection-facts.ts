import { DocumentDigest } from '@/engine/mongodb/document-digest'
import type { DatabasePlace } from './database-place'
import type { Facts } from './journal-records'

/** The documents of a collection: how many, their bytes, and a digest that does not depend on their order. */
export async function collectionFacts(
  server: Pick<DatabasePlace, 'readRaw'>,
  database: string,
  collection: string,
  signal: AbortSignal,
): Promise<Facts> {
  const digest = new DocumentDigest()
  const facts = { count: 0, bytes: 0 }
  for await (const batch of server.readRaw(database, collection)) {
    signal.throwIfAborted()
    for (const document of batch) {
      digest.add(document)
      facts.bytes += document.length
    }
    facts.count += batch.length
  }
  return { ...facts, digest: digest.hex() }
}
