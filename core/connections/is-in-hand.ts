import type { Transaction } from '@/lib/db'
import type { RunReference } from '@/protocol/worker-api'

/**
 * Whether a run is in a worker's hands at this moment, by the run's own row. One that is believed lost counts, since late events
 * of the same attempt revive it; one that ended, was handed out again or is another's does not.
 */
export async function isInHand(
  transaction: Transaction,
  worker: { id: string },
  { name, id, attempt }: RunReference,
): Promise<boolean> {
  switch (name) {
    case 'backup': {
      const where = { backupId_attempt: { backupId: id, attempt } }
      const task = await transaction.backupTask.findUnique({ where })
      return task?.workerId === worker.id && isAtWork(task.state)
    }
    case 'restore':
    case 'discard': {
      const where = { restoreId_workerId: { restoreId: id, workerId: worker.id } }
      const task = await transaction.restoreTask.findUnique({ where })
      if (!task) return false
      return name === 'restore'
        ? task.attempt === attempt && isAtWork(task.state)
        : task.discardAttempt === attempt && isAtWork(task.discardState)
    }
    case 'prune':
      return isOwn(await transaction.prune.findUnique({ where: { id } }))
    case 'replication':
      return isOwn(await transaction.replication.findUnique({ where: { id } }))
    case 'inspection':
      return isOwn(await transaction.inspection.findUnique({ where: { id } }))
    case 'ask': {
      // whoever asked gave up on a lost one
      const ask = await transaction.ask.findUnique({ where: { id } })
      return isOwn(ask) && ask?.state === 'running'
    }
  }

  function isOwn(row: { workerId: string; attempt: number; state: string } | null): boolean {
    return row?.workerId === worker.id && row.attempt === attempt && isAtWork(row.state)
  }
}

function isAtWork(state: string | null): boolean {
  return state === 'running' || state === 'lost'
}
