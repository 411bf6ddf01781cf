import { z } from 'zod'
import { scheduleSchema } from '@/core/plans/schema'
import { idSchema } from '@/protocol/names'

/** What the form of a refresh sends. */
export const makeRefreshSchema = scheduleSchema.extend({
  /** the restore that is repeated */
  restoreId: idSchema,
  /** slug of the instance whose data is exchanged from then on */
  typedSlug: z.string().trim().max(100),
})
export type WantedRefresh = z.output<typeof makeRefreshSchema>

/** What the form that changes its schedule sends. */
export const editRefreshSchema = scheduleSchema.extend({ id: idSchema })
