import { Prisma, type Transaction } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import type { ProblemFacts } from '@/protocol/problem'
import { endBackup } from './end-backup'
import { keyOf, namingWorker, type Task, type TaskOfBackup, taskAfter } from './tasks'

type Finished = Extract<EventBody, { type: 'finished' }>

/**
 * Settles a task as its worker says it ended; `isLive` is false when it was lost and something took its place. Returns the task whose turn has come; null when the backup ended with this one.
 * Runs in the caller's transaction.
 */
export async function finishTask(
  transaction: Transaction,
  task: TaskOfBackup,
  finished: Finished,
  isLive: boolean,
  now: Date,
): Promise<Task | null> {
  const { state, problem } = truthOf(task, finished, isLive)
  const next = isGood(state) ? taskAfter(task) : undefined
  if (next && !task.backup.cancelRequestedAt) {
    const data = { state, finishedAt: now, progress: Prisma.DbNull }
    await transaction.backupTask.update({ where: keyOf(task), data })
    return next
  }
  const ending = next ? { state: 'cancelled' as const, problem: null } : { state, problem: namingWorker(problem, task) }
  await endBackup(transaction, task, ending, now)
  if (isGood(ending.state)) await settleGood(transaction, task.backup.id, now)
  return null
}

function isGood(state: Finished['state']): boolean {
  return state === 'succeeded' || state === 'warning'
}

/** Notes what the remote holds now, and stops retention when the shrink guard says so. */
async function settleGood(transaction: Transaction, backupId: string, now: Date): Promise<void> {
  const { summary, planId } = await transaction.backup.findUniqueOrThrow({ where: { id: backupId } })
  await transaction.copy.updateMany({
    where: { backupId },
    data: { presence: 'present', verification: await verificationOf(transaction, backupId), verifiedAt: now },
  })
  const { held } = (summary ?? { held: [] }) as { held: string[] }
  if (held.length > 0 && planId)
    await transaction.plan.update({
      where: { id: planId },
      data: { heldReason: held.join('\n').slice(0, 4000), heldAt: now },
    })
}

type Truth = { state: Finished['state']; problem: ProblemFacts | null }

/** Nothing is good without a manifest, no manifest of ours is without a go, and none is whole without each worker's share. */
function truthOf(task: TaskOfBackup, finished: Finished, isLive: boolean): Truth {
  if (!isGood(finished.state)) return finished
  if (!taskAfter(task)) return task.backup.manifestSha256 ? finished : failed(withoutGo)
  if (!task.contribution) return failed(withoutShare)
  return isLive ? finished : failed(superseded)
}

function failed(problem: ProblemFacts): Truth {
  return { state: 'failed', problem }
}

const withoutGo = {
  code: 'finished-without-go',
  text: 'The worker reports a finished backup, but never had its manifest signed.',
  action: 'Look at the log of the worker.',
}
const withoutShare = {
  code: 'finished-without-share',
  text: 'The worker reports that its share of the backup is done, but never handed it over.',
  action: 'Look at the log of the worker.',
}
const superseded = {
  code: 'superseded',
  text: 'The worker was heard of again only after another run had taken the place of this backup.',
}

async function verificationOf(transaction: Transaction, backupId: string): Promise<'uploaded' | 'readBack'> {
  const other = await transaction.part.findFirst({
    where: { artifact: { backupId }, checked: { not: 'read back' } },
  })
  return other ? 'uploaded' : 'readBack'
}
