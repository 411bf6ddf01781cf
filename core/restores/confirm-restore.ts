import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { db } from '@/lib/db'
import { idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { checkLineSchema } from '@/protocol/restore-check'
import { restorePreviewSchema } from '@/protocol/restore-preview'
import { acceptedLines } from './accepted-lines'
import { insertRestore, requestRestoreSchema } from './request-restore'

export const confirmSchema = z.object({
  checkId: idSchema,
  /** names of the amber lines that were ticked */
  accepted: z.array(z.string().max(40)).max(50),
  reason: z.string().trim().min(1, 'Say why, in a few words.').max(500, 'At most 500 characters.'),
  typedSlug: z.string().trim().max(100).nullable(),
})

/** A host changes: what was found holds for so long. */
const validMilliseconds = 30 * 60_000

/**
 * Asks for the restore that was checked: with nothing red, every amber line ticked, and by whoever had it checked. Throws Problem
 * `check-over`, `check-red`, `check-not-accepted`, and those of requestRestore.
 */
export async function confirmRestore(
  actor: Actor,
  input: z.input<typeof confirmSchema>,
  now = new Date(),
): Promise<{ restoreId: string }> {
  const { checkId, accepted, reason, typedSlug } = confirmSchema.parse(input)
  const check = await db().restoreCheck.findUnique({ where: { id: checkId } })
  const isValid =
    check && check.requestedById === actor.id && now.getTime() - check.madeAt.getTime() < validMilliseconds
  if (!isValid)
    throw new Problem({
      code: 'check-over',
      text: 'This check was used already, is older than half an hour, or somebody else’s.',
      action: 'Check once more.',
    })
  const lines = z.array(checkLineSchema).parse(check.lines)
  const request = { ...requestRestoreSchema.parse(check.request), reason, typedSlug }
  const preview = restorePreviewSchema.nullable().parse(check.preview)
  const stored = { madeAt: check.madeAt.toISOString(), lines, accepted: acceptedLines(lines, accepted), preview }
  return insertRestore(actor, request, { restoreId: checkId, check: stored }, now)
}
