import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { findInstance } from '@/core/instances/find-instance'
import { db } from '@/lib/db'
import { secretsOf } from './find-profile'
import { fixUpLines } from './fix-up-lines'
import { type ProfileInput, profileInputSchema, toStored } from './profile-input'
import { assembleFixUps, sealFixUpSecrets } from './stored-fix-ups'

/** Saves the fix-ups of an instance; secrets that are left empty are kept. Throws Problem `instance-not-found`, or a ZodError. */
export async function saveProfile(actor: Actor, slug: string, input: ProfileInput): Promise<void> {
  const parsed = profileInputSchema.parse(input)
  await db().$transaction(async (transaction) => {
    const { id: instanceId } = await findInstance(slug, transaction)
    const before = await transaction.fixUpProfile.findUnique({ where: { instanceId } })
    const { stored, secrets } = toStored(parsed, before ? secretsOf(before) : {})
    assembleFixUps(stored, secrets)
    const id = before?.id ?? randomUUID()
    const data = {
      fixUps: stored,
      secrets: sealFixUpSecrets(secrets, { table: 'FixUpProfile', row: id, field: 'secrets' }),
    }
    await transaction.fixUpProfile.upsert({ where: { instanceId }, update: data, create: { id, instanceId, ...data } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'fix-ups.edit',
      subject: { kind: 'instance', id: instanceId },
      instanceId,
      detail: { fixUps: fixUpLines(stored).map(({ label, value }) => (value === null ? label : `${label}: ${value}`)) },
    })
  })
}
