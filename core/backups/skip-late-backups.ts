import { dequeueRun } from '@/core/workers/dequeue-run'
import { db } from '@/lib/db'
import { endBackup } from './end-backup'
import { missedWindow } from './start-rules'
import { tasksInclude, taskInTurn } from './tasks'

/** Scheduled backups that did not begin within the window of their plan are recorded as skipped, with the reason. */
export async function skipLateBackups(now = new Date()): Promise<void> {
  const waiting = await db().backup.findMany({
    where: { state: 'queued', kind: 'scheduled', plan: { startWindowMinutes: { not: null } } },
    select: { id: true },
  })
  for (const { id } of waiting) {
    const skipped = await db().$transaction(async (transaction) => {
      const backup = await transaction.backup.findUnique({
        where: { id },
        include: { plan: true, tasks: tasksInclude },
      })
      const task = backup && taskInTurn(backup.tasks)
      // one that its worker has taken meanwhile goes on
      if (!backup?.plan || !backup.plannedAt || backup.state !== 'queued' || !task) return null
      const problem = missedWindow(backup.plan, backup.plannedAt, now)
      if (problem) await endBackup(transaction, task, { state: 'skipped', problem }, now)
      return problem && task
    })
    if (skipped) await dequeueRun(skipped.worker, 'backup', { id, attempt: skipped.attempt })
  }
}
