import { db, type FixUpProfile, type Transaction } from '@/lib/db'
import { type FixUpSecrets, type StoredFixUps, storedFixUpsSchema, unsealFixUpSecrets } from './stored-fix-ups'

/** How backups of other instances are changed to fit this one; null: nobody has said so yet. */
export async function findProfile(instanceId: string, transaction: Transaction = db()): Promise<StoredFixUps | null> {
  const row = await transaction.fixUpProfile.findUnique({ where: { instanceId } })
  return row && storedFixUpsSchema.parse(row.fixUps)
}

export function secretsOf(row: Pick<FixUpProfile, 'id' | 'secrets'>): FixUpSecrets {
  return unsealFixUpSecrets(row.secrets, { table: 'FixUpProfile', row: row.id, field: 'secrets' })
}
