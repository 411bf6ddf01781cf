import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findInPlaceTask, requireSlug } from './find-in-place-task'

/**
 * Sets when what a restore in place keeps beside is removed by itself; null: only by hand. To set it, the instance's slug must be typed.
 * Throws Problem `unknown-restore`, `forbidden`, `slug-not-typed`, `nothing-to-end`, `day-in-the-past`.
 */
export async function scheduleDrop(
  actor: Actor,
  restoreId: string,
  { dropAt, typedSlug }: { dropAt: Date | null; typedSlug: string | null },
  now = new Date(),
): Promise<void> {
  if (dropAt && dropAt <= now)
    throw new Problem({ code: 'day-in-the-past', text: 'This day is over already.', where: 'lastDay' })
  await db().$transaction(async (transaction) => {
    const { task, exchange } = await findInPlaceTask(transaction, actor, restoreId)
    const { instance } = task.restore
    if (dropAt) requireSlug(typedSlug, instance.slug)
    if (exchange?.state !== 'swapped' && exchange?.state !== 'undone')
      throw new Problem({ code: 'nothing-to-end', text: 'This restore keeps nothing beside.' })
    await transaction.restoreTask.update({ where: { id: task.id }, data: { dropAt } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.schedule-drop',
      subject: { kind: 'restore', id: restoreId },
      instanceId: instance.id,
      detail: { dropAt: dropAt?.toISOString() ?? null },
    })
  })
}
