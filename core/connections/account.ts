import { z } from 'zod'

/** Whose account a connection is, and what fits in it. */
export const accountSchema = z.object({
  /** the provider's own, never changed: it tells whether a reconnect came back with the same account */
  id: z.string().min(1).max(200),
  name: z.string().max(300),
  /** mail address or the like */
  login: z.string().max(300),
  /** null: the provider does not say, or there is no bound */
  quotaBytes: z.number().min(0).nullable(),
  usedBytes: z.number().min(0).nullable(),
  largestFileBytes: z.number().min(0).nullable(),
  /** of OneDrive: the account's own drive, which rclone must be told */
  driveId: z.string().max(200).nullable(),
  driveType: z.string().max(40).nullable(),
})
export type Account = z.infer<typeof accountSchema>

/** Out of a row; null where nobody asked yet. */
export function accountOf(json: unknown): Account | null {
  return accountSchema.nullable().catch(null).parse(json)
}
