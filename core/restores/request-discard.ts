import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, Prisma, type RunState } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { storedTargetSchema } from './target'
import { isOpen } from './is-open'

/**
 * Asks for the removal of a finished restore's scratch place; again where that failed. Throws Problem `unknown-restore`,
 * `still-running`, `being-discarded`, `worker-not-active`.
 */
export async function requestDiscard(actor: Actor, restoreId: string): Promise<void> {
  const tasks = await db().$transaction(async (transaction) => {
    const restore = await transaction.restore.findUnique({
      where: { id: restoreId },
      include: { tasks: { include: { worker: true } } },
    })
    const isInPlace = restore?.tasks.some(({ target }) => storedTargetSchema.parse(target).kind === 'inPlace')
    if (!restore || isInPlace) throw new Problem({ code: 'unknown-restore', text: 'There is no such restore beside.' })
    if (isOpen(restore.state))
      throw new Problem({ code: 'still-running', text: 'This restore is still going on.', action: 'Cancel it first.' })
    const open = restore.tasks.filter((task) => task.startedAt && !isSettled(task.discardState))
    const removed = restore.tasks.filter((task) => task.startedAt && isSettled(task.discardState))
    if (removed.length > 0 || open.length === 0)
      throw new Problem({
        code: 'being-discarded',
        text:
          removed.length > 0
            ? 'The scratch place is gone, or is being removed.'
            : 'There is no scratch place: the restore never began.',
      })
    for (const { id, worker, discardAttempt } of open) {
      if (worker.state !== 'active')
        throw new Problem({
          code: 'worker-not-active',
          text: `The worker “${worker.slug}”, which made the scratch place, is ${worker.state}.`,
          action: 'Remove the folder on its host by hand.',
        })
      await transaction.restoreTask.update({
        where: { id },
        data: {
          ...{ discardState: 'queued', discardAttempt: discardAttempt + 1, discardSequence: 0 },
          discardProblem: Prisma.DbNull,
        },
      })
    }
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.discard',
      subject: { kind: 'restore', id: restoreId },
      instanceId: restore.instanceId,
    })
    return open
  })
  for (const { worker, discardAttempt } of tasks)
    await enqueueRun(worker, 'discard', { id: restoreId, attempt: discardAttempt + 1 })
}

function isSettled(state: RunState | null): boolean {
  return state !== null && ['queued', 'running', 'succeeded', 'warning'].includes(state)
}
