import { askWorker } from '@/core/asks/ask-worker'
import { findSource } from './find-source'
import { toSource } from './source-spec'

/**
 * Asks the source's worker whether it can read it, and what it finds there: name → text, such as the server's version.
 * Throws Problem `source-not-found`, or what the worker or the way to it says.
 */
export async function checkSource(instanceSlug: string, slug: string): Promise<Record<string, string>> {
  const row = await findSource(instanceSlug, slug)
  const answer = await askWorker(row.workerId, { question: 'check-source', source: toSource(row) })
  return answer.facts
}
