import type { Prisma, Transaction } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'

export const tasksInclude = { orderBy: { attempt: 'asc' }, include: { worker: true } } satisfies Prisma.Backup$tasksArgs
export type Task = Prisma.BackupTaskGetPayload<{ include: { worker: true } }>

const taskInclude = { worker: true, backup: { include: { tasks: tasksInclude } } } satisfies Prisma.BackupTaskInclude
/** A worker's share of a backup, with the whole of it. */
export type TaskOfBackup = Prisma.BackupTaskGetPayload<{ include: typeof taskInclude }>
export type BackupWithTasks = TaskOfBackup['backup']

/** The task that a worker's reference to a run means; null when it is not the worker's. */
export async function findTask(
  transaction: Transaction,
  worker: { id: string },
  run: { id: string; attempt: number },
): Promise<TaskOfBackup | null> {
  const where = { backupId_attempt: { backupId: run.id, attempt: run.attempt } }
  const task = await transaction.backupTask.findUnique({ where, include: taskInclude })
  return task?.workerId === worker.id ? task : null
}

export function endedWell({ state }: Pick<Task, 'state'>): boolean {
  return state === 'succeeded' || state === 'warning'
}

/** The first task that did not end well: one worker after the other has its turn. Undefined: all are done. */
export function taskInTurn<T extends Pick<Task, 'state'>>(tasks: T[]): T | undefined {
  return tasks.find((task) => !endedWell(task))
}

/** Whose turn comes after this one's. Undefined: this is the last task, and completes the backup. */
export function taskAfter({ attempt, backup }: TaskOfBackup): Task | undefined {
  return backup.tasks.find((task) => task.attempt > attempt)
}

/** What went wrong; where several workers make a backup, with the name of the one concerned. */
export function namingWorker<T extends ProblemFacts | null>(problem: T, { worker, backup }: TaskOfBackup): T {
  if (!problem || backup.tasks.length < 2) return problem
  return { ...problem, text: `Worker “${worker.slug}”: ${problem.text}`.slice(0, 2000) }
}

/** A task as the primary key names it. */
export function keyOf({ backupId, attempt }: { backupId: string; attempt: number }) {
  return { backupId_attempt: { backupId, attempt } }
}
