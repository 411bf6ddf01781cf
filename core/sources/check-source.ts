import { askWorker } from '@/core/asks/ask-worker'
import { db } from '@/lib/db'
import { findSource } from './find-source'
import { toSource } from './source-spec'

/**
 * Asks the source's worker whether it can read it, and what it finds there: name → text, such as the server's version.
 * Throws Problem `source-not-found`, or what the worker or the way to it says.
 */
export async function checkSource(instanceSlug: string, slug: string): Promise<Record<string, string>> {
  const row = await findSource(instanceSlug, slug)
  const answer = await askWorker(row.workerId, { question: 'check-source', source: toSource(row) })
  await noteSize(row.id, answer.facts)
  return answer.facts
}

/** So that the cost on a remote is known before the first backup. */
async function noteSize(id: string, facts: Record<string, string>): Promise<void> {
  const size = facts['size in bytes'] ?? facts['counted so far in bytes']
  if (size === undefined || !/^\d{1,18}$/.test(size)) return
  await db().source.updateMany({ where: { id }, data: { sizeBytes: BigInt(size) } })
}
