import { z } from 'zod'
import { endings, severities } from '@/core/incidents/kind-rules'
import { environmentSchema } from '@/protocol/names'

/** What a delivery tells, as it lies in the outbox: a copy, so that it stays what it was however often it is sent. */
export const tellings = ['opened', 'worsened', 'returned', 'reminded', 'closed'] as const

export const entrySchema = z.object({
  change: z.enum(tellings),
  incidentId: z.uuid(),
  kind: z.string(),
  severity: z.enum(severities),
  title: z.string(),
  text: z.string(),
  meaning: z.string(),
  action: z.string(),
  /** path on the dashboard */
  href: z.string(),
  instances: z.array(z.object({ id: z.uuid(), name: z.string(), environment: environmentSchema })),
  since: z.iso.datetime(),
  /** when it is told */
  at: z.iso.datetime(),
  /** of one that closed */
  ending: z.enum(endings).nullable(),
  /** it opened and closed within this message */
  isBrief: z.boolean().default(false),
})
export type Entry = z.infer<typeof entrySchema>

export const changesContentSchema = z.object({ entries: z.array(entrySchema), leftOut: z.int().default(0) })
export type ChangesContent = z.infer<typeof changesContentSchema>

export const digestContentSchema = z.object({
  period: z.enum(['day', 'week']),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  instances: z.array(
    z.object({
      name: z.string(),
      environment: environmentSchema,
      state: z.enum(['unprotected', 'at risk', 'paused', 'protected']),
      /** null: there is none */
      newestGoodAt: z.iso.datetime().nullable(),
      good: z.int(),
      failed: z.int(),
      bytes: z.number(),
      bytesOnRemotes: z.number(),
      findings: z.array(z.string()),
    }),
  ),
  open: z.array(z.object({ severity: z.enum(severities), title: z.string(), since: z.iso.datetime() })),
  closed: z.int(),
})
export type DigestContent = z.infer<typeof digestContentSchema>
