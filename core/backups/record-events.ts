import type { z } from 'zod'
import { freshEvents } from '@/core/workers/fresh-events'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import type { RunEvent } from '@/protocol/events'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { applyEvents } from './apply-events'
import { finishTask } from './finish-backup'
import { reviveTask } from './revive-backup'
import { findTask, type Task } from './tasks'

type Request = z.infer<typeof eventsRequestSchema>
type Response = z.infer<typeof eventsResponseSchema>

/**
 * Takes what a worker reports of its share of a backup, and hands out the next one when it is done: doubled events are left out, those after a gap are not taken, and the answer
 * names the last one that is stored. Any sign of life overturns `lost`, unless the backup was superseded: then it is told to
 * stop. Throws Problem `stale-attempt` for a run that is not in this worker's hands.
 */
export async function recordBackupEvents(
  worker: { id: string },
  { run, events, progress }: Request,
  now = new Date(),
): Promise<Response> {
  const { response, next } = await db().$transaction(
    async (transaction): Promise<{ response: Response; next: Task | null }> => {
      const task = await findTask(transaction, worker, run)
      if (!task || task.state === 'queued') throw staleAttempt()
      const fresh = freshEvents(task.lastEventSequence, events)
      const isOpen = task.state === 'running' || task.state === 'lost'
      if (!isOpen) return { response: answerForEnded(task.lastEventSequence, fresh), next: null }

      const finished = fresh.at(-1)?.body
      const isFinishing = finished?.type === 'finished'
      const isLive = task.state === 'running' || (await reviveTask(transaction, task, now))
      await applyEvents(transaction, task, fresh, isLive ? progress : null, now)
      const next = isFinishing ? await finishTask(transaction, task, finished, isLive, now) : null
      appendRunLog(run, fresh)
      const lastSequence = task.lastEventSequence + fresh.length
      const cancel = !isFinishing && (!isLive || task.backup.cancelRequestedAt !== null)
      return { response: { lastSequence, cancel }, next }
    },
    { timeout: 30_000, maxWait: 30_000 },
  )
  if (next) await enqueueRun(next.worker, 'backup', { id: next.backupId, attempt: next.attempt })
  return response
}

/** A worker may ask how far an ended run got, but has nothing to add to it. */
function answerForEnded(lastSequence: number, fresh: RunEvent[]): Response {
  if (fresh.length > 0) throw staleAttempt()
  return { lastSequence, cancel: true }
}
