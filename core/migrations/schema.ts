import { z } from 'zod'
import { connectionSchema } from '@/core/sources/schema'
import { idSchema, slugSchema } from '@/protocol/names'
import { trustedNetworksSchema } from './networks'
import { validTimes } from './valid-times'

const networkLines = z
  .string()
  .max(2000, 'That is too long.')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(trustedNetworksSchema)

/** What the form sends. */
export const prepareMigrationSchema = z.object({
  backupId: idSchema,
  instanceId: z.uuid('Choose an instance.'),
  workerSlug: slugSchema,
  way: z.enum(['inPlace', 'beside']),
  /** `on`: in place also where data stands already, which is kept beside */
  ontoData: z.literal('on').optional(),
  /** of the new host's MongoDB; empty: a source that the worker has from before, or no database is restored */
  connection: z.union([z.literal(''), connectionSchema]).default(''),
  /** `on`: the target's fix-ups are applied */
  fixUps: z.literal('on').optional(),
  validHours: z.coerce
    .number()
    .refine((wanted) => validTimes.some(({ hours }) => hours === wanted), 'Choose one of these times.'),
  trustedNetworks: networkLines.default([]),
  reason: z.string().trim().min(1, 'Say why, in a few words.').max(500, 'At most 500 characters.'),
  typedSlug: z.string().trim().max(100).default(''),
})
export type PrepareMigrationInput = z.input<typeof prepareMigrationSchema>
export type WantedMigration = z.output<typeof prepareMigrationSchema>
