import { z } from 'zod'
import { slugSchema } from '@/protocol/names'
import { kindNames, severities } from './kind-rules'

/** What the list of incidents can be narrowed to; each field of an address by itself, and what cannot be read is left out. */
export const incidentStates = ['open', 'closed'] as const

const fields = {
  state: z.enum(incidentStates),
  severity: z.enum(severities),
  kind: z.enum(kindNames),
  instance: slugSchema,
  page: z.coerce.number().int().min(1).max(1_000_000),
}
export type IncidentFilter = { [Name in keyof typeof fields]?: z.infer<(typeof fields)[Name]> | undefined }

export function readIncidentFilter(parameters: Record<string, unknown>): IncidentFilter {
  const entries = Object.entries(fields).map(([name, schema]) => [name, schema.safeParse(parameters[name]).data])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as IncidentFilter
}
