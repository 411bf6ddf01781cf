import { isSilent } from '@/core/processes/is-silent'
import { listeningSince } from '@/core/processes/listening-since'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { doubtCopies } from './doubt-copies'

/** Deletions of whose worker nothing was heard for too long become lost; what they did not delete is asked for again later. */
export async function markLostPrunes(now = new Date()): Promise<void> {
  const since = await listeningSince(now)
  const { lostAfterSeconds } = controlPlaneEnv()
  const running = await db().prune.findMany({ where: { state: 'running' } })
  for (const { id, remoteId, lastSeenAt } of running) {
    if (!isSilent(lastSeenAt ?? now, since, now, lostAfterSeconds)) continue
    const problem = {
      code: 'lost',
      text: 'Nothing was heard of the worker that deletes these backups for a long time.',
    }
    // as it was read: a worker heard of since is not silent
    await db().$transaction(async (transaction) => {
      const { count } = await transaction.prune.updateMany({
        where: { id, state: 'running', lastSeenAt },
        data: { state: 'lost', finishedAt: now, problem },
      })
      if (count > 0) await doubtCopies(transaction, { id, remoteId })
    })
  }
}
