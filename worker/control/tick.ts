import { forgetOldAsks } from '@/core/asks/forget-old-asks'
import { enqueueWaitingBackups } from '@/core/backups/enqueue-waiting-backups'
import { forgetOldWarnings } from '@/core/backups/forget-old-warnings'
import { planDueBackups } from '@/core/backups/plan-due-backups'
import { skipLateBackups } from '@/core/backups/skip-late-backups'
import { forgetOldVisits } from '@/core/connections/forget-old-visits'
import { forgetOldDeliveries } from '@/core/deliveries/forget-old-deliveries'
import { planDigests } from '@/core/deliveries/plan-digests'
import { watch } from '@/core/incidents/watch'
import { enqueueWaitingInspections } from '@/core/inspections/enqueue-waiting-inspections'
import { forgetOldLooks } from '@/core/inspections/forget-old-looks'
import { planInspections } from '@/core/inspections/plan-inspections'
import { cleanUpCopies } from '@/core/prunes/clean-up-copies'
import { cleanUpLeftovers } from '@/core/prunes/clean-up-leftovers'
import { enqueueWaitingPrunes } from '@/core/prunes/enqueue-waiting-prunes'
import { planRetention } from '@/core/prunes/plan-retention'
import { enqueueWaitingReplications } from '@/core/replications/enqueue-waiting-replications'
import { planReplications } from '@/core/replications/plan-replications'
import { dropDue } from '@/core/restores/drop-due'
import { enqueueWaitingRestores } from '@/core/restores/enqueue-waiting-restores'
import { forgetOldChecks } from '@/core/restores/forget-old-checks'
import { measureRoom } from '@/core/room/measure-room'
import { forgetOldLogs } from '@/core/workers/forget-old-logs'
import { log } from '@/lib/log'
import { QueueUnreachable } from '@/lib/queue'
import { atMostEvery } from './every'

/** What control does every minute. Several controls may tick at once; each step stands alone, whatever became of the others. */
const steps: Record<string, () => Promise<void>> = {
  'plan due backups': planDueBackups,
  'skip late backups': skipLateBackups,
  'plan retention': planRetention,
  'clean up leftovers': cleanUpLeftovers,
  'clean up copies': cleanUpCopies,
  'plan inspections': planInspections,
  'enqueue waiting backups': enqueueWaitingBackups,
  'drop old copies whose day has come': dropDue,
  'enqueue waiting restores': enqueueWaitingRestores,
  'enqueue waiting prunes': enqueueWaitingPrunes,
  'enqueue waiting inspections': enqueueWaitingInspections,
  'plan replications': planReplications,
  'enqueue waiting replications': enqueueWaitingReplications,
  'forget old questions': forgetOldAsks,
  'forget old checks of restores': forgetOldChecks,
  'forget old visits': forgetOldVisits,
  'forget old logs': forgetOldLogs,
  'forget old looks': atMostEvery(3600, forgetOldLooks),
  'forget old warnings': atMostEvery(3600, forgetOldWarnings),
  'watch for incidents': watch,
  'plan digests': planDigests,
  // asks providers, which may be slow
  'measure room': atMostEvery(3600, measureRoom),
  'forget old deliveries': forgetOldDeliveries,
}

export async function tick(): Promise<void> {
  for (const [name, step] of Object.entries(steps)) await attempt(name, step)
}

/** Runs a step and logs what it throws: the next one, or the next minute, goes on. */
export async function attempt(name: string, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (error instanceof QueueUnreachable)
      log.warn({ step: name, reason: String(error.cause) }, 'Redis does not answer; tried again later')
    else log.error({ err: error, step: name }, 'a step of the tick failed; tried again later')
  }
}
