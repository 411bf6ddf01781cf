import type { z } from 'zod'
import { recordBackupEvents } from '@/core/backups/record-events'
import { recordInspectionEvents } from '@/core/inspections/record-inspection-events'
import { recordPruneEvents } from '@/core/prunes/record-prune-events'
import { recordReplicationEvents } from '@/core/replications/record-replication-events'
import { recordDiscardEvents } from '@/core/restores/record-discard-events'
import { recordRestoreEvents } from '@/core/restores/record-restore-events'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { staleAttempt } from './refusals'

type Request = z.infer<typeof eventsRequestSchema>

/** Takes the events of any run. Throws Problem `stale-attempt`, `invalid-folder`. */
export async function recordRunEvents(
  worker: { id: string; slug: string },
  request: Request,
): Promise<z.infer<typeof eventsResponseSchema>> {
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
