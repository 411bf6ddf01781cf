import type { Transaction } from '@/lib/db'
import { isSuperseded } from './revive-backup'
import { findTask, keyOf } from './tasks'

/** Notes that a worker still has its share of a backup in hand. True when it must stop. Runs in the caller's transaction. */
export async function touchBackup(
  transaction: Transaction,
  worker: { id: string },
  run: { id: string; attempt: number },
  now: Date,
): Promise<boolean> {
  const task = await findTask(transaction, worker, run)
  if (!task) return true
  if (task.state === 'lost') return isSuperseded(transaction, task.backup)
  // it is claiming the run at this moment
  if (task.state === 'queued') return false
  if (task.state !== 'running') return true
  await transaction.backupTask.update({ where: keyOf(task), data: { lastSeenAt: now } })
  return task.backup.cancelRequestedAt !== null
}
