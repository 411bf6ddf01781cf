import { enqueueWhereMissing } from '@/core/workers/enqueue-where-missing'
import { db } from '@/lib/db'
import { isBlackedOut } from './start-rules'
import { tasksInclude, taskInTurn } from './tasks'

/**
 * Enqueues the task in turn of every backup where its job is not in Redis: it was away, was emptied, the instance was locked,
 * or a blackout was on.
 */
export async function enqueueWaitingBackups(now = new Date()): Promise<void> {
  const backups = await db().backup.findMany({
    where: { state: { in: ['queued', 'running'] } },
    orderBy: { sequence: 'asc' },
    include: { plan: true, tasks: tasksInclude },
  })
  for (const { id, kind, state, plan, tasks } of backups) {
    if (plan && state === 'queued' && isBlackedOut({ kind }, plan, now)) continue
    const task = taskInTurn(tasks)
    if (task?.state === 'queued' && task.worker.state === 'active')
      await enqueueWhereMissing(task.worker, 'backup', { id, attempt: task.attempt })
  }
}
