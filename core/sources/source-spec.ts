import { z } from 'zod'
import { seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'
import { type Source, sourceSchema } from '@/protocol/sources'

/** A row of the Source table, as far as a spec needs it. */
export type SourceRow = { id: string; slug: string; kind: string; settings: unknown; secrets: string | null }

/** What a worker is told of a source: with its connection, for the claim's answer only. Throws Problem `invalid-source`. */
export function toSource(row: SourceRow): Source {
  const result = sourceSchema.safeParse({
    ...z.record(z.string(), z.unknown()).catch({}).parse(row.settings),
    kind: row.kind,
    id: row.id,
    slug: row.slug,
    ...(row.secrets === null ? {} : { connection: unsealConnection(row.id, row.secrets) }),
  })
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => issue.path.join('.') || 'kind')
  throw new Problem({
    code: 'invalid-source',
    text: `The settings of the source “${row.slug}” are not complete: ${[...new Set(faults)].join(', ')}.`,
    action: 'Open the source, check these settings, and save it again.',
  })
}

export function sealConnection(sourceId: string, connection: string): string {
  return seal(connection, placeOf(sourceId), controlPlaneEnv().sealingKey)
}

function unsealConnection(sourceId: string, sealed: string): string {
  return unseal(sealed, placeOf(sourceId), controlPlaneEnv().sealingKey)
}

function placeOf(sourceId: string) {
  return { table: 'Source', row: sourceId, field: 'secrets' }
}
