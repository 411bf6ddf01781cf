import { askWorker } from '@/core/asks/ask-worker'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { Discovered } from '@/protocol/worker-api'
import { type CoverageFinding, type CoveringSource, findUncovered } from './coverage-rules'
import { findSource } from './find-source'
import { settingsSchemas } from './schema'
import { toSource } from './source-spec'

export type Discovery = Pick<Discovered, 'databases' | 'assetstores' | 'roots'> & { findings: CoverageFinding[] }

/**
 * Has the worker of a MongoDB source look what Girder keeps and where, and tells what no source of the instance covers.
 * Throws Problem `source-not-found`, `not-mongodb`, or what the worker or the way to it says.
 */
export async function discoverSource(instanceSlug: string, slug: string): Promise<Discovery> {
  const row = await findSource(instanceSlug, slug)
  const source = toSource(row)
  if (source.kind !== 'mongodb')
    throw new Problem({ code: 'not-mongodb', text: 'Only a MongoDB source tells what Girder keeps.' })
  const discovered = await askWorker(row.workerId, { question: 'discover', source }, 120)
  const rows = await db().source.findMany({ where: { instanceId: row.instanceId }, orderBy: { slug: 'asc' } })
  const { databases, assetstores, roots } = discovered
  return { databases, assetstores, roots, findings: findUncovered(discovered, slug, rows.flatMap(coveringSource)) }
}

/** None where the settings of a row cannot be read: it covers nothing then. */
function coveringSource({ slug, kind, settings }: { slug: string; kind: CoveringSource['kind']; settings: unknown }) {
  const { data } = settingsSchemas[kind].safeParse(settings)
  return data ? [{ slug, kind, ...data } as CoveringSource] : []
}
