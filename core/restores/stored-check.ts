import { z } from 'zod'
import { checkLineSchema } from '@/protocol/restore-check'
import { restorePreviewSchema } from '@/protocol/restore-preview'

/** Restore.check: what was known and accepted when a restore was confirmed. */
export const storedCheckSchema = z.object({
  madeAt: z.iso.datetime(),
  lines: z.array(checkLineSchema),
  /** names of the amber lines that the person ticked */
  accepted: z.array(z.string()),
  /** what was to change in place; null: nobody looked */
  preview: restorePreviewSchema.nullable().default(null),
})
export type StoredCheck = z.infer<typeof storedCheckSchema>
