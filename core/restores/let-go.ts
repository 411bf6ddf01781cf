import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { releaseLock } from '@/core/locks/release-lock'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findInPlaceTask, requireSlug } from './find-in-place-task'

/**
 * Lets go of the instance that a lost restore in place, its undo or its drop still holds, so that its backups begin again: for a worker that will never come
 * back to say how it ended. It gets no go any more should it return all the same. Throws Problem `unknown-restore`, `forbidden`,
 * `slug-not-typed`, `nothing-held`.
 */
export async function letGo(actor: Actor, restoreId: string, typedSlug: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const { task } = await findInPlaceTask(transaction, actor, restoreId)
    const { instance, state } = task.restore
    const isLost = state === 'lost' || task.discardState === 'lost'
    requireSlug(typedSlug, instance.slug)
    const held = await transaction.lock.count({ where: { ownerKind: 'restore', ownerId: restoreId } })
    if (!isLost || held === 0)
      throw new Problem({
        code: 'nothing-held',
        text: 'This restore is not lost, or does not hold the instance.',
        action: 'Look at how it stands now.',
      })
    await releaseLock(transaction, { kind: 'restore', id: restoreId })
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.let-go',
      subject: { kind: 'restore', id: restoreId },
      instanceId: instance.id,
    })
  })
}
