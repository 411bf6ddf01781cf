import { db, type Transaction } from '@/lib/db'

/** PEM of every public key that signs or once signed manifests, newest first. */
export async function listSigningKeys(transaction: Transaction = db()): Promise<string[]> {
  const keys = await transaction.signingKey.findMany({ orderBy: { createdAt: 'desc' } })
  return keys.map((key) => key.publicKey)
}
