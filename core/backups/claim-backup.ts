import { takeLock } from '@/core/locks/take-lock'
import { blackedOut, locked, notClaimable } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import { Problem, toProblemFacts } from '@/protocol/problem'
import type { BackupSpec } from '@/protocol/specs'
import { buildBackupSpec } from './backup-spec'
import { endBackup } from './end-backup'
import { isBlackedOut, missedWindow } from './start-rules'
import { findTask, keyOf, namingWorker, type TaskOfBackup, taskInTurn } from './tasks'

/**
 * Hands a worker its share of a backup when its turn has come: queued → running, the instance locked by the backup. A second
 * claim of the same attempt is refused. A backup that is too late for its plan's window is skipped; one whose spec cannot be
 * made any more fails with the reason. Throws Problem `not-claimable`, `locked`, `blacked-out`.
 */
export async function claimBackup(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<BackupSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const task = await findTask(transaction, worker, run)
    if (!task || !mayBegin(task)) throw notClaimable()
    const { backup } = task
    // what one worker has begun the others complete
    const plan =
      backup.planId && backup.state === 'queued'
        ? await transaction.plan.findUnique({ where: { id: backup.planId } })
        : null
    const missed = plan && backup.plannedAt && missedWindow(plan, backup.plannedAt, now)
    if (missed) {
      await endBackup(transaction, task, { state: 'skipped', problem: missed }, now)
      return null
    }
    if (plan && isBlackedOut(backup, plan, now)) throw blackedOut()
    try {
      const built = await buildBackupSpec(transaction, task)
      if (!(await takeLock(transaction, backup.instanceId, { kind: 'backup', id: backup.id }))) throw locked()
      await transaction.backupTask.update({
        where: keyOf(task),
        data: { state: 'running', startedAt: now, lastSeenAt: now },
      })
      await transaction.backup.update({
        where: { id: backup.id },
        data: { state: 'running', startedAt: backup.startedAt ?? now },
      })
      return built
    } catch (error) {
      if (error instanceof Problem && error.code === 'locked') throw error
      const problem = namingWorker(toProblemFacts(error), task)
      await endBackup(transaction, task, { state: 'failed', problem }, now)
      return null
    }
  })
  if (!spec) throw notClaimable()
  return spec
}

function mayBegin({ attempt, state, backup }: TaskOfBackup): boolean {
  const isOpen = (backup.state === 'queued' || backup.state === 'running') && !backup.cancelRequestedAt
  return state === 'queued' && isOpen && taskInTurn(backup.tasks)?.attempt === attempt
}
