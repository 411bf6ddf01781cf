import { isGood } from '@/core/backups/good-backups'
import { type PlanWithParts, planInclude } from '@/core/backups/insert-backup'
import { isPinned } from '@/core/backups/is-pinned'
import { chooseDeletions, type KeptBackup } from '@/core/backups/retention'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, type Transaction, type Worker } from '@/lib/db'
import { clocksDisagree } from './clocks-disagree'
import { insertPrune } from './insert-prune'

/** Asks for the deletion of what each plan need not keep any longer on each of its remotes (core/backups/retention.ts). */
export async function planRetention(now = new Date()): Promise<void> {
  for (const plan of await db().plan.findMany({ include: planInclude }))
    for (const target of plan.targets) await planTarget(plan, target, now)
}

async function planTarget(plan: PlanWithParts, target: PlanWithParts['targets'][number], now: Date): Promise<void> {
  const worker = plan.sources.map(({ source }) => source.worker).find(({ state }) => state === 'active')
  if (!worker) return
  const { instanceId } = plan
  const { remoteId, keepDays } = target
  const prune = await db().$transaction(async (transaction) => {
    const backups = await goodBackups(transaction, plan.id, remoteId, now)
    // read again: the guard may have been set since
    const { heldAt } = await transaction.plan.findUniqueOrThrow({ where: { id: plan.id } })
    const chosen = chooseDeletions({
      ...{ backups, keepDays, now, held: heldAt !== null },
      clocksDisagree: await clocksDisagree(transaction, instanceId),
      countedUpTo: await countedUpTo(transaction, plan.id, remoteId, backups),
    })
    const place = { instanceId, workerId: worker.id, remoteId }
    return chosen.length > 0 ? insertPrune(transaction, place, 'retention', chosen, now) : null
  })
  if (prune) await enqueueRun(worker satisfies Worker, 'prune', { id: prune.id, attempt: prune.attempt })
}

const openStates = { in: ['queued', 'running'] as ('queued' | 'running')[] }

async function goodBackups(
  transaction: Transaction,
  planId: string,
  remoteId: string,
  now: Date,
): Promise<KeptBackup[]> {
  const rows = await transaction.backup.findMany({
    where: { planId, ...isGood, copies: { some: { remoteId, presence: 'present' } } },
    include: {
      restores: { where: { state: openStates } },
      pruneItems: { where: { prune: { state: openStates } } },
    },
  })
  return rows.map((row) => ({
    id: row.id,
    sequence: row.sequence,
    finishedAt: row.finishedAt ?? row.requestedAt,
    pinned: isPinned(row, now),
    busy: row.restores.length > 0 || row.pruneItems.length > 0,
  }))
}

/** The newest backup that was there when the last deletion of this plan was asked for. */
async function countedUpTo(
  transaction: Transaction,
  planId: string,
  remoteId: string,
  backups: KeptBackup[],
): Promise<number> {
  const last = await transaction.prune.findFirst({
    where: { remoteId, items: { some: { reason: 'retention', backup: { planId } } } },
    orderBy: { requestedAt: 'desc' },
  })
  if (!last) return 0
  const counted = backups.filter((backup) => backup.finishedAt <= last.requestedAt)
  return Math.max(0, ...counted.map((backup) => backup.sequence))
}
