import type { z } from 'zod'
import { staleAttempt } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { copyGoRequestSchema } from '@/protocol/worker-api'

/**
 * Lets the folder of a copied backup become one by its manifest: only for the run that has it in hand, and only with the very
 * manifest that control signed. Throws Problem `stale-attempt`, `believed-lost` (sending events overturns it), `cancelled`,
 * `other-manifest`.
 */
export async function giveCopyGo(
  worker: { id: string },
  { run, manifestSha256 }: z.infer<typeof copyGoRequestSchema>,
  now = new Date(),
): Promise<void> {
  if (run.name !== 'replication') throw staleAttempt()
  await db().$transaction(async (transaction) => {
    const replication = await transaction.replication.findUnique({ where: { id: run.id }, include: { backup: true } })
    if (replication?.workerId !== worker.id || replication.attempt !== run.attempt) throw staleAttempt()
    const { state, cancelRequestedAt, backup, toRemoteId } = replication
    if (state === 'lost') throw believedLost()
    if (state !== 'running') throw staleAttempt()
    if (cancelRequestedAt)
      throw new Problem({ code: 'cancelled', text: 'This copying is being cancelled, and is not completed any more.' })
    if (backup.manifestSha256 !== manifestSha256)
      throw new Problem({ code: 'other-manifest', text: 'The manifest is not that of this backup.' })
    const place = { backupId: backup.id, remoteId: toRemoteId }
    const copy = await transaction.copy.findUnique({ where: { backupId_remoteId: place } })
    // what was cleaned up meanwhile, or is about to be, is no longer what the worker has checked
    const deletion = await transaction.pruneItem.findFirst({
      where: { backupId: backup.id, prune: { remoteId: toRemoteId, state: { in: ['queued', 'running'] } } },
    })
    if (deletion || (copy?.presence !== 'leftover' && copy?.presence !== 'missing')) throw staleAttempt()
    await transaction.replication.update({
      where: { id: run.id },
      data: { goAt: replication.goAt ?? now, lastSeenAt: now },
    })
  })
}

function believedLost(): Problem {
  return new Problem({
    code: 'believed-lost',
    text: 'This run was not heard of for so long that it counts as lost. It may be completed only after its events were taken.',
  })
}
