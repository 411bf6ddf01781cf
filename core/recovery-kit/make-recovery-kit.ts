import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { signingKeyPlace } from '@/core/signing/sign-manifest'
import { keyId, unseal } from '@/lib/crypto'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { passphraseSchema, writeKit } from './kit-format'

/** Makes a recovery kit as a text to keep, sealed with the passphrase. That it was made is kept, the kit is not. */
export async function makeRecoveryKit(
  actor: Actor,
  passphrase: string,
  now = new Date(),
): Promise<{ name: string; text: string }> {
  passphraseSchema.parse(passphrase)
  const { sealingKey, publicUrl } = controlPlaneEnv()
  const [keys, instances] = await Promise.all([
    db().signingKey.findMany({ orderBy: { createdAt: 'asc' } }),
    db().instance.findMany({ orderBy: { slug: 'asc' } }),
  ])
  const madeAt = now.toISOString()
  const kit = {
    ...{ format: 1 as const, madeAt, publicUrl, sealingKeyId: keyId(sealingKey) },
    signingKeys: keys.map(({ id, publicKey, privateKey, createdAt, retiredAt }) => ({
      publicKey,
      privateKey: unseal(privateKey, signingKeyPlace(id), sealingKey),
      createdAt: createdAt.toISOString(),
      retiredAt: retiredAt?.toISOString() ?? null,
    })),
    instances: instances.map(({ id, slug, name, environment }) => ({ id, slug, name, environment })),
  }
  const text = await writeKit(kit, passphrase)
  await db().$transaction(async (transaction) => {
    const made = await transaction.recoveryKit.create({
      data: {
        ...{ madeAt: now, madeById: actor.kind === 'user' ? actor.id : null },
        signingKeyIds: keys.map(({ id }) => id),
        instanceIds: instances.map(({ id }) => id),
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'recovery-kit.make',
      subject: { kind: 'recovery-kit', id: made.id },
    })
  })
  return { name: `talekeeper-recovery-kit-${madeAt.slice(0, 10)}.txt`, text }
}
