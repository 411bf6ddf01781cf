import type { z } from 'zod'
import { freshEvents } from '@/core/workers/fresh-events'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import type { RunEvent } from '@/protocol/events'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { applyEvents } from './apply-events'
import { finishBackup } from './finish-backup'
import { reviveBackup } from './revive-backup'

type Request = z.infer<typeof eventsRequestSchema>
type Response = z.infer<typeof eventsResponseSchema>

/**
 * Takes what a worker reports of its backup: doubled events are left out, those after a gap are not taken, and the answer
 * names the last one that is stored. Any sign of life overturns `lost`, unless the backup was superseded: then it is told to
 * stop. Throws Problem `stale-attempt` for a run that is not in this worker's hands.
 */
export async function recordBackupEvents(
  worker: { id: string },
  { run, events, progress }: Request,
  now = new Date(),
): Promise<Response> {
  return db().$transaction(
    async (transaction) => {
      const backup = await transaction.backup.findUnique({ where: { id: run.id } })
      if (backup?.workerId !== worker.id || backup.attempt !== run.attempt || backup.state === 'queued')
        throw staleAttempt()
      const fresh = freshEvents(backup.lastEventSequence, events)
      const isOpen = backup.state === 'running' || backup.state === 'lost'
      if (!isOpen) return answerForEnded(backup.lastEventSequence, fresh)

      const finished = fresh.at(-1)?.body
      const isFinishing = finished?.type === 'finished'
      const isLive = backup.state === 'running' || (!isFinishing && (await reviveBackup(transaction, backup, now)))
      await applyEvents(transaction, backup, worker.id, fresh, isLive ? progress : null, now)
      if (isFinishing) await finishBackup(transaction, backup, finished, now)
      appendRunLog(run, fresh)
      return {
        lastSequence: backup.lastEventSequence + fresh.length,
        cancel: !isFinishing && (!isLive || backup.cancelRequestedAt !== null),
      }
    },
    { timeout: 30_000, maxWait: 30_000 },
  )
}

/** A worker may ask how far an ended run got, but has nothing to add to it. */
function answerForEnded(lastSequence: number, fresh: RunEvent[]): Response {
  if (fresh.length > 0) throw staleAttempt()
  return { lastSequence, cancel: true }
}
