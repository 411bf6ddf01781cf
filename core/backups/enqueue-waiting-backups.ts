import { enqueueWhereMissing } from '@/core/workers/enqueue-where-missing'
import { db } from '@/lib/db'
import { tasksInclude, taskInTurn } from './tasks'

/** Enqueues the task in turn of every backup where its job is not in Redis: it was away, was emptied, or the instance was locked. */
export async function enqueueWaitingBackups(): Promise<void> {
  const backups = await db().backup.findMany({
    where: { state: { in: ['queued', 'running'] } },
    orderBy: { sequence: 'asc' },
    include: { tasks: tasksInclude },
  })
  for (const { id, tasks } of backups) {
    const task = taskInTurn(tasks)
    if (task?.state === 'queued' && task.worker.state === 'active')
      await enqueueWhereMissing(task.worker, 'backup', { id, attempt: task.attempt })
  }
}
