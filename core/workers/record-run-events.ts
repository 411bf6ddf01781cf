import type { z } from 'zod'
import { enqueueWaitingBackups } from '@/core/backups/enqueue-waiting-backups'
import { recordBackupEvents } from '@/core/backups/record-events'
import { recordInspectionEvents } from '@/core/inspections/record-inspection-events'
import { recordPruneEvents } from '@/core/prunes/record-prune-events'
import { recordReplicationEvents } from '@/core/replications/record-replication-events'
import { enqueueWaitingRestores } from '@/core/restores/enqueue-waiting-restores'
import { recordDiscardEvents } from '@/core/restores/record-discard-events'
import { recordRestoreEvents } from '@/core/restores/record-restore-events'
import { log } from '@/lib/log'
import { QueueUnreachable } from '@/lib/queue'
import type { JobName } from '@/protocol/jobs'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { staleAttempt } from './refusals'

type Request = z.infer<typeof eventsRequestSchema>

type Response = z.infer<typeof eventsResponseSchema>

/** Takes the events of any run; what waited for its instance goes on when it is over. Throws Problem `stale-attempt`, `invalid-folder`. */
export async function recordRunEvents(worker: { id: string; slug: string }, request: Request): Promise<Response> {
  const response = await recordEvents(worker, request)
  const isOver = request.events.some(({ body }) => body.type === 'finished')
  if (isOver && holdsInstance.has(request.run.name)) await enqueueWhatWaits()
  return response
}

const holdsInstance = new Set<JobName>(['backup', 'restore', 'discard'])

/** Restores first: somebody waits for them. Where Redis is away, control's next tick does it. */
async function enqueueWhatWaits(): Promise<void> {
  try {
    await enqueueWaitingRestores()
    await enqueueWaitingBackups()
  } catch (error) {
    if (!(error instanceof QueueUnreachable)) throw error
    log.warn({ reason: String(error.cause) }, 'Redis is away; control enqueues this later')
  }
}

async function recordEvents(worker: { id: string; slug: string }, request: Request): Promise<Response> {
  switch (request.run.name) {
    case 'backup':
      return recordBackupEvents(worker, request)
    case 'restore':
      return recordRestoreEvents(worker, request)
    case 'discard':
      return recordDiscardEvents(worker, request)
    case 'prune':
      return recordPruneEvents(worker, request)
    case 'inspection':
      return recordInspectionEvents(worker, request)
    case 'replication':
      return recordReplicationEvents(worker, request)
    case 'ask':
      // questions are answered, not reported on
      throw staleAttempt()
  }
}
