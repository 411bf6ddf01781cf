import type { Transaction } from '@/lib/db'
import type { LockOwner } from './take-lock'

/** Frees what the owner holds; nothing happens when it holds nothing. Runs in the caller's transaction. */
export async function releaseLock(transaction: Transaction, owner: LockOwner): Promise<void> {
  await transaction.lock.deleteMany({ where: { ownerKind: owner.kind, ownerId: owner.id } })
}
