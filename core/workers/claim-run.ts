import { claimAsk } from '@/core/asks/claim-ask'
import { claimBackup } from '@/core/backups/claim-backup'
import { grantAccess } from '@/core/connections/grant-access'
import { claimInspection } from '@/core/inspections/claim-inspection'
import { claimPrune } from '@/core/prunes/claim-prune'
import { claimReplication } from '@/core/replications/claim-replication'
import { claimDiscard } from '@/core/restores/claim-discard'
import { claimRestore } from '@/core/restores/claim-restore'
import { db } from '@/lib/db'
import type { JobName } from '@/protocol/jobs'
import type { RunReference } from '@/protocol/worker-api'

const claims: Record<JobName, (worker: { id: string }, run: RunReference) => Promise<object>> = {
  backup: claimBackup,
  restore: claimRestore,
  discard: claimDiscard,
  prune: claimPrune,
  inspection: claimInspection,
  replication: claimReplication,
  ask: claimAsk,
}

/**
 * Hands a run to its worker, which speaks `protocol`: the answer is the spec of that job (protocol/specs.ts). Throws Problem
 * `not-claimable`, `locked`.
 */
export async function claimRun(worker: { id: string }, run: RunReference, protocol: string): Promise<unknown> {
  // an upgraded worker may claim before its first heartbeat
  await db().worker.updateMany({ where: { id: worker.id, protocol: { not: protocol } }, data: { protocol } })
  return grantAccess(await claims[run.name](worker, run), worker, run)
}
