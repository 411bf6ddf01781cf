import { takeLock } from '@/core/locks/take-lock'
import { locked } from '@/core/workers/refusals'
import type { RestoreTask, Transaction } from '@/lib/db'
import { Problem, problemSchema } from '@/protocol/problem'
import { type InPlaceTarget, storedTargetSchema } from './target'
import { isOpen } from './is-open'

type Task = Pick<RestoreTask, 'restoreId' | 'target'> & { restore: { instanceId: string } }

/**
 * A restore in place, its undo and its drop exclude the instance's backups. Takes the lock for it; one that restores beside needs
 * none. Throws Problem `locked`: control hands the run out again once its safety backup has ended and the instance is free.
 */
export async function waitForTurn(transaction: Transaction, task: Task): Promise<void> {
  const target = storedTargetSchema.parse(task.target)
  if (target.kind !== 'inPlace') return
  const safety = await safetyOf(transaction, target)
  if (isOpen(safety?.state)) throw locked()
  const owner = { kind: 'restore', id: task.restoreId } as const
  if (!(await takeLock(transaction, task.restore.instanceId, owner))) throw locked()
}

/** Without the safety backup that was wanted nothing is exchanged. Throws Problem `safety-failed`. */
export async function assertSafety(transaction: Transaction, task: Task): Promise<void> {
  const target = storedTargetSchema.parse(task.target)
  if (target.kind !== 'inPlace' || target.safetyBackupId === null) return
  const safety = await safetyOf(transaction, target)
  if (safety?.state === 'succeeded' || safety?.state === 'warning') return
  const reason = problemSchema
    .nullable()
    .catch(null)
    .parse(safety?.problem ?? null)
  throw new Problem({
    code: 'safety-failed',
    text: `The safety backup did not succeed, so that nothing was restored${reason ? `: ${reason.text}` : '.'}`.slice(
      0,
      2000,
    ),
    action: 'Put right what it failed of and restore again, or restore without a safety backup.',
    where: target.safetyBackupId,
  })
}

function safetyOf(transaction: Transaction, { safetyBackupId }: InPlaceTarget) {
  return safetyBackupId ? transaction.backup.findUnique({ where: { id: safetyBackupId } }) : null
}
