import { isSilent } from '@/core/processes/is-silent'
import { listeningSince } from '@/core/processes/listening-since'
import { db, type Transaction } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { log } from '@/lib/log'
import { endBackup } from './end-backup'
import { findTask, namingWorker, type TaskOfBackup, taskInTurn } from './tasks'

/**
 * Running backups of whose worker nothing was heard for too long become lost, and free their instance for the next run. One whose
 * next worker is not there when its turn has come fails.
 */
export async function markLostBackups(now = new Date()): Promise<void> {
  const since = await listeningSince(now)
  const { lostAfterSeconds } = controlPlaneEnv()
  const isSilentSince = (heard: Date) => isSilent(heard, since, now, lostAfterSeconds)
  const include = { tasks: { orderBy: { attempt: 'asc' } } } as const
  for (const { id, tasks } of await db().backup.findMany({ where: { state: 'running' }, include })) {
    const inTurn = taskInTurn(tasks)
    if (!inTurn) continue
    await db().$transaction(async (transaction) => {
      const task = await findTask(transaction, { id: inTurn.workerId }, { id, attempt: inTurn.attempt })
      if (task?.backup.state !== 'running') return
      if (task.state === 'running' && isSilentSince(task.lastSeenAt ?? now)) await markLost(transaction, task, now)
      if (task.state === 'queued' && isSilentSince(heardInTurn(task, now)))
        await endBackup(transaction, task, { state: 'failed', problem: namingWorker(notThere, task) }, now)
    })
  }
}

/** Runs in the caller's transaction. */
export async function markLost(transaction: Transaction, task: TaskOfBackup, now: Date, text = silence): Promise<void> {
  const action =
    'Look whether the worker and its host run. When the worker is heard again, this backup goes on by itself.'
  const problem = namingWorker({ code: 'lost', text, action }, task)
  await endBackup(transaction, task, { state: 'lost', problem }, now)
  log.warn({ backupId: task.backupId }, 'a backup is lost')
}

/** When the worker was heard last, or its turn came. */
function heardInTurn({ worker, backup, attempt }: TaskOfBackup, now: Date): Date {
  const before = backup.tasks.findLast((task) => task.attempt < attempt)
  return new Date(Math.max(worker.lastSeenAt?.getTime() ?? 0, (before?.finishedAt ?? now).getTime()))
}

const silence = 'Nothing was heard of the worker that made this backup for a long time.'
const notThere = {
  code: 'worker-silent',
  text: 'It was not there to add its share when its turn had come.',
  action: 'Look whether the worker and its host run, then start the backup again.',
}
