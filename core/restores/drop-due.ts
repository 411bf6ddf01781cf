import { control } from '@/core/audit/actor'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { requestEnd } from './request-end'

/** Asks for the removal of what restores in place keep beside and whose day has come; of a worker that is not active once it is again. */
export async function dropDue(now = new Date()): Promise<void> {
  const due = await db().restoreTask.findMany({
    where: { dropAt: { lte: now }, worker: { state: 'active' } },
    select: { restoreId: true, restore: { select: { instance: { select: { slug: true } } } } },
  })
  for (const { restoreId, restore } of due)
    try {
      await requestEnd(control, restoreId, { end: 'drop', typedSlug: restore.instance.slug })
    } catch (error) {
      // somebody undoes or drops it at this moment, which ends the day too
      if (!(error instanceof Problem && error.code === 'nothing-to-end')) throw error
    }
}
