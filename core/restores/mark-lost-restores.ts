import { isSilent } from '@/core/processes/is-silent'
import { listeningSince } from '@/core/processes/listening-since'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { settleRestore } from './settle-restore'

const problem = {
  code: 'lost',
  text: 'Nothing was heard of the worker for a long time.',
  action: 'Look whether the worker and its host run. When it is heard again, this goes on by itself.',
}

/** Restores and removals of whose worker nothing was heard for too long become lost. That frees nothing by itself. */
export async function markLostRestores(now = new Date()): Promise<void> {
  const since = await listeningSince(now)
  const { lostAfterSeconds } = controlPlaneEnv()
  const open = await db().restoreTask.findMany({
    where: { OR: [{ state: 'running' }, { discardState: 'running' }] },
    select: { id: true },
  })
  for (const { id } of open)
    await db().$transaction(async (transaction) => {
      const task = await transaction.restoreTask.findUniqueOrThrow({ where: { id } })
      if (!isSilent(task.lastSeenAt ?? now, since, now, lostAfterSeconds)) return
      if (task.state === 'running') await settleRestore(transaction, task, { state: 'lost', problem }, now)
      if (task.discardState === 'running')
        await transaction.restoreTask.update({ where: { id }, data: { discardState: 'lost', discardProblem: problem } })
    })
}
