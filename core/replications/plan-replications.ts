import { control } from '@/core/audit/actor'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import { Problem } from '@/protocol/problem'
import { insertReplication } from './insert-replication'
import { listWantedCopies, type WantedCopy } from './list-wanted-copies'
import { othersWait } from './must-yield'

/**
 * Asks for the copies that plans with several remotes still lack, newest backup first: one at a time for each worker, and none
 * while a backup of the instance waits or runs.
 */
export async function planReplications(now = new Date()): Promise<void> {
  const plans = await db().plan.findMany({
    where: { targets: { some: { position: { gt: 0 } } } },
    select: { id: true, instanceId: true },
  })
  for (const plan of plans) {
    const backup = { instanceId: plan.instanceId, state: { in: [...openStates] } }
    if (await db().backup.findFirst({ where: backup })) continue
    const wanted = await listWantedCopies(db(), plan.id, now)
    for (const copy of wanted.filter((one) => isDue(one, now))) if (await begin(copy, now)) break
  }
}

const openStates = ['queued', 'running'] as const

function isDue({ isOpen, isGivenUp, dueAt }: WantedCopy, now: Date): boolean {
  return !isOpen && !isGivenUp && (dueAt === null || dueAt <= now)
}

/** False where this copy cannot be made now, and another one might. */
async function begin({ backupId, remoteId }: WantedCopy, now: Date): Promise<boolean> {
  try {
    const inserted = await db().$transaction(async (transaction) => {
      const { replication, worker } = await insertReplication(
        transaction,
        control,
        { backupId, toRemoteId: remoteId },
        now,
      )
      const other = await transaction.replication.findFirst({
        where: { workerId: worker.id, id: { not: replication.id }, state: { in: [...openStates] } },
      })
      if (other || (await othersWait(transaction, worker.id))) throw busy()
      return { replication, worker }
    })
    const { id, attempt } = inserted.replication
    await enqueueRun(inserted.worker, 'replication', { id, attempt })
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'worker-busy') return true
    if (!(error instanceof Problem)) log.error({ err: error, backupId, remoteId }, 'a copy could not be planned')
    return false
  }
}

/** Undoes the insertion; nobody sees it. */
function busy(): Problem {
  return new Problem({ code: 'worker-busy', text: 'The worker has something else to do.' })
}
