import type { Transaction } from '@/lib/db'

export type LockOwner = { kind: 'backup' | 'restore'; id: string }

/**
 * Takes the lock of an instance: its backups and restores in place exclude each other. True when the owner holds it now, also
 * when it did before. Runs in the caller's transaction.
 */
export async function takeLock(transaction: Transaction, instanceId: string, owner: LockOwner): Promise<boolean> {
  const held = await transaction.lock.findUnique({ where: { instanceId } })
  if (held) return held.ownerKind === owner.kind && held.ownerId === owner.id
  await transaction.lock.create({ data: { instanceId, ownerKind: owner.kind, ownerId: owner.id } })
  return true
}
