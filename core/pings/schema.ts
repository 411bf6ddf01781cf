import { z } from 'zod'
import { idSchema } from '@/protocol/names'

export const pingInputSchema = z.object({
  /** empty: control itself */
  planId: z.union([z.literal('').transform(() => null), idSchema]),
  url: z
    .string()
    .trim()
    .max(2000)
    .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'Enter an address that begins with https://')
    .refine(
      (text) => !URL.canParse(text) || new URL(text).search === '',
      'Leave out what comes after a question mark.',
    ),
})
export type PingInput = z.infer<typeof pingInputSchema>
