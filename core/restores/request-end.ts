import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, Prisma } from '@/lib/db'
import { type Exchange, exchangeSchema } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { refusalOf } from './restore-rules'
import { storedTargetSchema } from './target'

export type InPlaceEnd = 'undo' | 'drop'

/** From which states each may be asked for. */
const mayFrom: Record<InPlaceEnd, Exchange['state'][]> = {
  undo: ['committed', 'swapped'],
  drop: ['swapped', 'undone'],
}

/**
 * Asks for the undo of a restore in place, or for the removal of what it keeps beside, where the instance's slug must be typed.
 * Throws Problem `unknown-restore`, `forbidden`, `slug-not-typed`, `nothing-to-end`, `worker-not-active`.
 */
export async function requestEnd(
  actor: Actor,
  restoreId: string,
  { end, typedSlug }: { end: InPlaceEnd; typedSlug: string | null },
): Promise<void> {
  const { worker, attempt } = await db().$transaction(async (transaction) => {
    const task = await transaction.restoreTask.findFirst({
      where: { restoreId },
      include: { worker: true, restore: { include: { instance: true } } },
    })
    if (!task) throw unknownRestore()
    const target = storedTargetSchema.parse(task.target)
    if (target.kind !== 'inPlace') throw unknownRestore()
    const { instance, state } = task.restore
    const refusal = refusalOf(actor, { environment: instance.environment, isOther: false, isInPlace: true })
    if (refusal) throw refusal
    if (end === 'drop' && typedSlug !== instance.slug)
      throw new Problem({
        code: 'slug-not-typed',
        text: `Type “${instance.slug}”: what is dropped cannot be brought back.`,
        where: 'typedSlug',
      })
    const exchange = exchangeSchema.nullable().parse(task.exchange)
    const isBusy = [state, task.discardState].some((one) => one === 'queued' || one === 'running')
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
        discardProblem: Prisma.DbNull,
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

function unknownRestore(): Problem {
  return new Problem({ code: 'unknown-restore', text: 'There is no such restore in place.' })
}
