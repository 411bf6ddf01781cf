import { z } from 'zod'
import { idSchema } from '@/protocol/names'

/** Where the command palette can lead: pages by what people call them, and the plans that may be run from it. */
export const destinationsSchema = z.object({
  destinations: z.array(
    z.object({
      kind: z.enum(['incident', 'instance', 'worker', 'plan', 'remote']),
      label: z.string(),
      /** what tells it from others of the same name; empty: nothing needed */
      hint: z.string(),
      href: z.string(),
    }),
  ),
  /** empty for those who may not run one */
  runnablePlans: z.array(z.object({ id: idSchema, label: z.string(), hint: z.string() })),
  /** the newest backup that failed or was lost */
  lastFailure: z.object({ label: z.string(), at: z.iso.datetime(), href: z.string() }).nullable(),
})
export type Destinations = z.infer<typeof destinationsSchema>
