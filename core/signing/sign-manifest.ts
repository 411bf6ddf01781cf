import { type SealedPlace, signBytes, unseal } from '@/lib/crypto'
import type { Transaction } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'

/** Ed25519 signature in base64 over the manifest's exact bytes, by the newest key. Throws Problem `no-signing-key`. */
export async function signManifest(transaction: Transaction, manifest: string): Promise<string> {
  const key = await transaction.signingKey.findFirst({ where: { retiredAt: null }, orderBy: { createdAt: 'desc' } })
  if (!key)
    throw new Problem({
      code: 'no-signing-key',
      text: 'Talekeeper has no key to sign backups with.',
      action: 'Start the control process once; it makes the key.',
    })
  const privateKey = unseal(key.privateKey, signingKeyPlace(key.id), controlPlaneEnv().sealingKey)
  return signBytes(Buffer.from(manifest, 'utf8'), privateKey)
}

export function signingKeyPlace(id: string): SealedPlace {
  return { table: 'SigningKey', row: id, field: 'privateKey' }
}
