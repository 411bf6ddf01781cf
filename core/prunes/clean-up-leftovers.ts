import { tasksInclude } from '@/core/backups/tasks'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, type Prisma } from '@/lib/db'
import { clocksDisagree } from './clocks-disagree'
import { insertPrune } from './insert-prune'
import { isRemovalDue, wasHeardSince } from './retry-rules'

const mostPerTick = 200

/** Asks for the removal of what failed, cancelled and lost backups left on remotes, again and again until it is done. */
export async function cleanUpLeftovers(now = new Date()): Promise<void> {
  for (const backup of await leftovers()) {
    const remoteId = backup.copies[0]?.remoteId
    const worker = await workerFor(backup)
    if (!remoteId || !worker || !isDue(backup, now)) continue
    const prune = await db().$transaction(async (transaction) => {
      if (await clocksDisagree(transaction, backup.instanceId)) return null
      const isStillLeft = await transaction.backup.findFirst({ where: { id: backup.id, ...isLeftover } })
      const place = { instanceId: backup.instanceId, workerId: worker.id, remoteId }
      return isStillLeft ? insertPrune(transaction, place, 'leftover', [backup.id], now) : null
    })
    if (prune) await enqueueRun(worker, 'prune', { id: prune.id, attempt: prune.attempt })
  }
}

/** Only folders that we know to be of a backup of ours which ended without a manifest. */
const isLeftover = {
  state: { in: ['failed', 'cancelled', 'lost'] },
  folder: { not: null },
  copies: { some: { presence: 'leftover' } },
  pruneItems: { none: { prune: { state: { in: ['queued', 'running'] } } } },
} satisfies Prisma.BackupWhereInput

const include = {
  tasks: tasksInclude,
  copies: { where: { presence: 'leftover' } },
  pruneItems: { include: { prune: true } },
} satisfies Prisma.BackupInclude
type Leftover = Prisma.BackupGetPayload<{ include: typeof include }>

function leftovers(): Promise<Leftover[]> {
  return db().backup.findMany({ where: isLeftover, include, orderBy: { sequence: 'asc' }, take: mostPerTick })
}

/** The worker that left it, as its queue does one thing at a time; another of the instance when that one is revoked. */
async function workerFor(backup: Leftover) {
  const worker = lastWorkerOf(backup)
  if (worker?.state === 'active') return worker
  return db().worker.findFirst({ where: { instanceId: backup.instanceId, state: 'active' } })
}

function isDue(backup: Leftover, now: Date): boolean {
  const tries = backup.pruneItems.map(({ prune }) => prune)
  if (tries.length > 0) return isRemovalDue(tries, now)
  return backup.state !== 'lost' || wasHeardSince(lastWorkerOf(backup), backup.finishedAt)
}

/** Of several workers the one that had the backup in hand last. */
function lastWorkerOf({ tasks }: Leftover) {
  return tasks.findLast(({ startedAt }) => startedAt)?.worker
}
