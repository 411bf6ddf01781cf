import { listWantedCopies } from '@/core/replications/list-wanted-copies'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, type Prisma, type Replication } from '@/lib/db'
import { clocksDisagree } from './clocks-disagree'
import { insertPrune } from './insert-prune'
import { isRemovalDue, wasHeardSince } from './retry-rules'

const mostPerTick = 200
const openStates = ['queued', 'running'] as const
/** How long what a person asked for, and was interrupted, waits for them to ask again. */
const patienceMilliseconds = 24 * 3_600_000

/**
 * Asks for the removal of copies that were begun and given up: it failed too often, a person cancelled it, or the plan no longer
 * wants it. Until then they stay, since the next try goes on where the last one ended.
 */
export async function cleanUpCopies(now = new Date()): Promise<void> {
  for (const copy of await halfCopies()) {
    const { backupId, remoteId, backup } = copy
    const worker = await workerFor(copy)
    if (!worker || !isDue(copy, now) || (await isWanted(copy, now))) continue
    const prune = await db().$transaction(async (transaction) => {
      if (await clocksDisagree(transaction, backup.instanceId)) return null
      const isStillLeft = await transaction.copy.findFirst({ where: { id: copy.id, ...isHalf } })
      const open = await transaction.replication.findFirst({
        where: { backupId, toRemoteId: remoteId, state: { in: [...openStates] } },
      })
      const place = { instanceId: backup.instanceId, workerId: worker.id, remoteId }
      return isStillLeft && !open ? insertPrune(transaction, place, 'leftover', [backupId], now) : null
    })
    if (prune) await enqueueRun(worker, 'prune', { id: prune.id, attempt: prune.attempt })
  }
}

/** Of a backup that is complete elsewhere; what a failed one left is clean-up-leftovers.ts's. */
const isHalf = {
  presence: 'leftover',
  backup: {
    state: { in: ['succeeded', 'warning'] },
    folder: { not: null },
    pruneItems: { none: { prune: { state: { in: [...openStates] } } } },
  },
} satisfies Prisma.CopyWhereInput

const include = {
  backup: {
    include: {
      pruneItems: { where: { reason: 'leftover' }, include: { prune: true } },
      replications: { orderBy: { requestedAt: 'desc' }, include: { worker: true } },
    },
  },
} satisfies Prisma.CopyInclude
type HalfCopy = Prisma.CopyGetPayload<{ include: typeof include }>

function halfCopies(): Promise<HalfCopy[]> {
  return db().copy.findMany({ where: isHalf, include, orderBy: { backup: { sequence: 'asc' } }, take: mostPerTick })
}

function lastOf({ backup, remoteId }: HalfCopy) {
  return backup.replications.find(({ toRemoteId }) => toRemoteId === remoteId)
}

/** The worker that filled it, as its queue does one thing at a time; another of the instance when that one is revoked. */
async function workerFor(copy: HalfCopy) {
  const worker = lastOf(copy)?.worker
  if (worker?.state === 'active') return worker
  return db().worker.findFirst({ where: { instanceId: copy.backup.instanceId, state: 'active' } })
}

function isDue(copy: HalfCopy, now: Date): boolean {
  const last = lastOf(copy)
  if (last && openStates.some((state) => state === last.state)) return false
  const tries = copy.backup.pruneItems.map(({ prune }) => prune).filter(({ remoteId }) => remoteId === copy.remoteId)
  if (last && mayBeAskedAgain(last, now)) return false
  if (tries.length === 0) return last?.state !== 'lost' || wasHeardSince(last.worker, last.finishedAt)
  return isRemovalDue(tries, now)
}

function mayBeAskedAgain({ requestedById, state, finishedAt }: Replication, now: Date): boolean {
  if (requestedById === null || state === 'cancelled') return false
  return now.getTime() - (finishedAt?.getTime() ?? 0) < patienceMilliseconds
}

async function isWanted({ backupId, remoteId, backup }: HalfCopy, now: Date): Promise<boolean> {
  if (!backup.planId) return false
  const wanted = await listWantedCopies(db(), backup.planId, now)
  return wanted.some((one) => one.backupId === backupId && one.remoteId === remoteId && !one.isGivenUp)
}
