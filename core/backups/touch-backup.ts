import type { Transaction } from '@/lib/db'
import { isSuperseded } from './revive-backup'

/** Notes that a worker still has a backup in hand. True when it must stop. Runs in the caller's transaction. */
export async function touchBackup(
  transaction: Transaction,
  worker: { id: string },
  run: { id: string; attempt: number },
  now: Date,
): Promise<boolean> {
  const backup = await transaction.backup.findUnique({ where: { id: run.id } })
  if (backup?.workerId !== worker.id || backup.attempt !== run.attempt) return true
  if (backup.state === 'lost') return isSuperseded(transaction, backup)
  // it is claiming the run at this moment
  if (backup.state === 'queued') return false
  if (backup.state !== 'running') return true
  await transaction.backup.update({ where: { id: backup.id }, data: { lastSeenAt: now } })
  return backup.cancelRequestedAt !== null
}
