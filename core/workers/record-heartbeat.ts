import type { z } from 'zod'
import { touchBackup } from '@/core/backups/touch-backup'
import { touchInspection } from '@/core/inspections/touch-inspection'
import { toleratedSkewSeconds } from '@/core/prunes/clocks-disagree'
import { touchPrune } from '@/core/prunes/touch-prune'
import { touchReplication } from '@/core/replications/touch-replication'
import { touchRestore } from '@/core/restores/touch-restore'
import { db, type Transaction } from '@/lib/db'
import type { heartbeatRequestSchema, heartbeatResponseSchema, RunReference } from '@/protocol/worker-api'

/** Notes that a worker lives and what it is; the answer names the runs in its hands that it must stop. */
export async function recordHeartbeat(
  worker: { id: string },
  heartbeat: z.infer<typeof heartbeatRequestSchema>,
  protocol: string,
  now = new Date(),
): Promise<z.infer<typeof heartbeatResponseSchema>> {
  const { hostName, version, tools, spoolFreeBytes, spoolTotalBytes, clock, running } = heartbeat
  const clockSkewSeconds = (Date.parse(clock) - now.getTime()) / 1000
  const isSkewed = Math.abs(clockSkewSeconds) >= toleratedSkewSeconds
  return db().$transaction(async (transaction) => {
    if (isSkewed) await noteSkew(transaction, worker, now)
    await transaction.worker.update({
      where: { id: worker.id },
      data: {
        ...{ hostName, version, tools, protocol, spoolFreeBytes, spoolTotalBytes, lastSeenAt: now },
        clockSkewSeconds,
        ...{ refusedAt: null, refusedProtocol: null },
        ...(isSkewed ? {} : { clockSkewSince: null }),
      },
    })
    const cancel: RunReference[] = []
    for (const run of running) if (await mustStop(transaction, worker, run, now)) cancel.push(run)
    return { serverTime: now.toISOString(), cancel }
  })
}

/** Since when it lasts; what is noted already stays. */
async function noteSkew(transaction: Transaction, { id }: { id: string }, now: Date): Promise<void> {
  await transaction.worker.updateMany({ where: { id, clockSkewSince: null }, data: { clockSkewSince: now } })
}

async function mustStop(
  transaction: Transaction,
  worker: { id: string },
  run: RunReference,
  now: Date,
): Promise<boolean> {
  switch (run.name) {
    case 'backup':
      return touchBackup(transaction, worker, run, now)
    case 'restore':
    case 'discard':
      return touchRestore(transaction, worker, { ...run, name: run.name }, now)
    case 'prune':
      return touchPrune(transaction, worker, run, now)
    case 'inspection':
      return touchInspection(transaction, worker, run, now)
    case 'replication':
      return touchReplication(transaction, worker, run, now)
    case 'ask':
      return false
  }
}
