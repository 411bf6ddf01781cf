import { takeLock } from '@/core/locks/take-lock'
import { locked, notClaimable } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import { Problem, toProblemFacts } from '@/protocol/problem'
import type { BackupSpec } from '@/protocol/specs'
import { backupSpecInclude, buildBackupSpec } from './backup-spec'

/**
 * Hands a queued backup to its worker: queued → running, the instance locked. A second claim of the same attempt is refused.
 * A backup whose spec cannot be made any more fails with the reason. Throws Problem `not-claimable`, `locked`.
 */
export async function claimBackup(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<BackupSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: run.id }, include: backupSpecInclude })
    const isWaiting = backup?.workerId === worker.id && backup.attempt === run.attempt && backup.state === 'queued'
    if (!isWaiting) throw notClaimable()
    try {
      const built = await buildBackupSpec(transaction, backup)
      if (!(await takeLock(transaction, backup.instanceId, { kind: 'backup', id: backup.id }))) throw locked()
      await transaction.backup.update({
        where: { id: backup.id },
        data: { state: 'running', startedAt: now, lastSeenAt: now },
      })
      return built
    } catch (error) {
      if (error instanceof Problem && error.code === 'locked') throw error
      const data = { state: 'failed' as const, problem: toProblemFacts(error), finishedAt: now }
      await transaction.backup.update({ where: { id: backup.id }, data })
      return null
    }
  })
  if (!spec) throw notClaimable()
  return spec
}
