import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { idSchema, slugSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'

const validMinutes = 15

export const makeEnrolmentSchema = z.object({ instanceId: idSchema, workerSlug: slugSchema })

/**
 * Makes a one-time token by which a new worker enrols with an instance. The token is shown once; only its hash is kept.
 * A revoked worker's slug may be used again: its sources then belong to the new one.
 * Throws Problem `unknown-instance`, `slug-taken`.
 */
export async function makeEnrolment(
  actor: Actor,
  input: z.infer<typeof makeEnrolmentSchema>,
  now = new Date(),
): Promise<{ enrolmentId: string; token: string; expiresAt: Date }> {
  const { instanceId, workerSlug } = makeEnrolmentSchema.parse(input)
  const token = randomToken()
  const expiresAt = new Date(now.getTime() + validMinutes * 60_000)
  const enrolment = await db().$transaction(async (transaction) => {
    const instance = await transaction.instance.findUnique({ where: { id: instanceId } })
    if (!instance) throw new Problem({ code: 'unknown-instance', text: 'There is no such instance.' })
    const namesake = await transaction.worker.findUnique({
      where: { instanceId_slug: { instanceId, slug: workerSlug } },
    })
    if (namesake && namesake.state !== 'revoked') throw slugTaken(workerSlug)
    const created = await transaction.enrolment.create({
      data: { instanceId, workerSlug, tokenHash: sha256Hex(token), expiresAt },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'worker.invite',
      subject: { kind: 'enrolment', id: created.id },
      instanceId,
      detail: { workerSlug },
    })
    return created
  })
  return { enrolmentId: enrolment.id, token, expiresAt }
}

export function slugTaken(workerSlug: string): Problem {
  return new Problem({
    code: 'slug-taken',
    text: `This instance already has a worker “${workerSlug}”.`,
    action: 'Choose another slug, or revoke that worker first.',
    where: 'workerSlug',
  })
}
