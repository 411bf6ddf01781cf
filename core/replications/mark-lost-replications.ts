import { isSilent } from '@/core/processes/is-silent'
import { listeningSince } from '@/core/processes/listening-since'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'

/** Replications of whose worker nothing was heard for too long become lost; they are tried again later. */
export async function markLostReplications(now = new Date()): Promise<void> {
  const since = await listeningSince(now)
  const { lostAfterSeconds } = controlPlaneEnv()
  const running = await db().replication.findMany({ where: { state: 'running' } })
  for (const { id, lastSeenAt } of running) {
    if (!isSilent(lastSeenAt ?? now, since, now, lostAfterSeconds)) continue
    const problem = {
      code: 'lost',
      text: 'Nothing was heard of the worker that copies this backup for a long time.',
      action: 'Look whether the worker and its host run.',
    }
    // as it was read: a worker heard of since is not silent
    await db().replication.updateMany({
      where: { id, state: 'running', lastSeenAt },
      data: { state: 'lost', finishedAt: now, problem },
    })
  }
}
