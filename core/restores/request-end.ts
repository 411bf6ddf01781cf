import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, Prisma } from '@/lib/db'
import type { Exchange } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { findInPlaceTask, requireSlug } from './find-in-place-task'
import { isOpen } from './is-open'

export type InPlaceEnd = 'undo' | 'drop'

/** From which states each may be asked for. */
const mayFrom: Record<InPlaceEnd, Exchange['state'][]> = {
  undo: ['committed', 'swapped'],
  drop: ['swapped', 'undone'],
}

/**
 * Asks for the undo of a restore in place, or for the removal of what it keeps beside, where the instance's slug must be typed. A day
 * that was set for the removal is over with either. Throws Problem `unknown-restore`, `forbidden`, `slug-not-typed`, `nothing-to-end`,
 * `worker-not-active`.
 */
export async function requestEnd(
  actor: Actor,
  restoreId: string,
  { end, typedSlug }: { end: InPlaceEnd; typedSlug: string | null },
): Promise<void> {
  const { worker, attempt } = await db().$transaction(async (transaction) => {
    const { task, target, exchange } = await findInPlaceTask(transaction, actor, restoreId)
    const { instance } = task.restore
    if (end === 'drop') requireSlug(typedSlug, instance.slug)
    const isBusy = [task.restore.state, task.discardState].some(isOpen)
    if (isBusy || !exchange || !mayFrom[end].includes(exchange.state))
      throw new Problem({
        code: 'nothing-to-end',
        text: isBusy ? 'This restore is being worked on.' : 'This restore keeps nothing beside for that.',
        action: 'Look at how it stands now.',
      })
    if (task.worker.state !== 'active')
      throw new Problem({
        code: 'worker-not-active',
        text: `The worker “${task.worker.slug}”, which made this restore, is ${task.worker.state}.`,
        action: `On its host: talekeeper-worker restore --${end === 'undo' ? 'roll-back' : 'drop'} ${restoreId}`,
      })
    const discardAttempt = task.discardAttempt + 1
    await transaction.restoreTask.update({
      where: { id: task.id },
      data: {
        ...{ target: { ...target, end }, discardState: 'queued', discardAttempt, discardSequence: 0 },
        ...{ discardProblem: Prisma.DbNull, dropAt: null },
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: end === 'undo' ? 'restore.undo' : 'restore.drop',
      subject: { kind: 'restore', id: restoreId },
      instanceId: instance.id,
    })
    return { worker: task.worker, attempt: discardAttempt }
  })
  await enqueueRun(worker, 'discard', { id: restoreId, attempt })
}
