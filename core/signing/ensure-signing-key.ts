import { randomUUID } from 'node:crypto'
import { control } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { makeSigningKey, seal } from '@/lib/crypto'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { signingKeyPlace } from './sign-manifest'

/** Makes the key that signs manifests at the first start. Several processes may call it at once. */
export async function ensureSigningKey(): Promise<void> {
  if (await db().signingKey.findFirst({ where: { retiredAt: null } })) return
  const id = randomUUID()
  const { publicKey, privateKey } = makeSigningKey()
  const sealed = seal(privateKey, signingKeyPlace(id), controlPlaneEnv().sealingKey)
  await db().$transaction(async (transaction) => {
    if (await transaction.signingKey.findFirst({ where: { retiredAt: null } })) return
    await transaction.signingKey.create({ data: { id, publicKey, privateKey: sealed } })
    await recordAuditEvent(transaction, {
      actor: control,
      action: 'signing-key.create',
      subject: { kind: 'signing-key', id },
    })
  })
}
