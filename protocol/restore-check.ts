import { z } from 'zod'

/** One thing that was looked at before a restore. `amber` wants a person's tick; `red` stops. */
export const checkLineSchema = z.object({
  name: z.string().regex(/^[a-z-]{1,40}$/),
  level: z.enum(['green', 'amber', 'red']),
  text: z.string().max(2000),
  /** what to do about it */
  action: z.string().max(2000).nullable(),
})
export type CheckLine = z.infer<typeof checkLineSchema>

export const checkRestoreAnswerSchema = z.object({ lines: z.array(checkLineSchema).max(50) })
