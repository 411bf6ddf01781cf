import { isGood } from '@/core/backups/good-backups'
import { deletionInclude, deletionObstacle, newestGoodFrom } from '@/core/backups/deletion-rules'
import { isPinned } from '@/core/backups/is-pinned'
import { toDeletingRemote } from '@/core/remotes/keeper'
import { locked, notClaimable } from '@/core/workers/refusals'
import { db, type Presence, type Prisma, type Transaction } from '@/lib/db'
import { type PruneSpec, pruneSpecSchema } from '@/protocol/specs'
import { clocksDisagree } from './clocks-disagree'

const include = {
  instance: true,
  worker: true,
  remote: true,
  items: { include: { backup: { include: { ...deletionInclude, copies: true } } } },
} satisfies Prisma.PruneInclude
type PruneRow = Prisma.PruneGetPayload<{ include: typeof include }>
type Item = PruneRow['items'][number]

/**
 * Hands a deletion to its worker. Every backup in it is looked at again: one that was pinned, restored from or revived since
 * is left out. It waits while somebody looks at the remote. Throws Problem `not-claimable`, `locked`.
 */
export async function claimPrune(
  worker: { id: string },
  run: { id: string; attempt: number },
  now = new Date(),
): Promise<PruneSpec> {
  const spec = await db().$transaction(async (transaction) => {
    const prune = await transaction.prune.findUnique({ where: { id: run.id }, include })
    if (prune?.workerId !== worker.id || prune.attempt !== run.attempt || prune.state !== 'queued') throw notClaimable()
    const { instanceId, remoteId } = prune
    if (await transaction.inspection.findFirst({ where: { instanceId, remoteId, state: 'running' } })) throw locked()
    const items = await stillToDelete(transaction, prune, now)
    const state = items.length > 0 ? ('running' as const) : ('cancelled' as const)
    const times = items.length > 0 ? { startedAt: now, lastSeenAt: now } : { finishedAt: now }
    await transaction.prune.update({ where: { id: prune.id }, data: { state, ...times } })
    const left = prune.items.filter((item) => !items.includes(item)).map(({ backupId }) => backupId)
    await transaction.pruneItem.updateMany({
      where: { pruneId: prune.id, backupId: { in: left } },
      data: { problem: leftOut },
    })
    return items.length > 0 ? buildSpec(prune, items) : null
  })
  if (!spec) throw notClaimable()
  return spec
}

const leftOut = { code: 'left-out', text: 'It was not to be deleted any more when the worker began.' }

async function stillToDelete(transaction: Transaction, prune: PruneRow, now: Date): Promise<Item[]> {
  if (await clocksDisagree(transaction, prune.instanceId)) return []
  const items: Item[] = []
  for (const item of prune.items) if (await mayGo(transaction, item, prune.remoteId, now)) items.push(item)
  return items
}

function mayGo(transaction: Transaction, item: Item, remoteId: string, now: Date): Promise<boolean> | boolean {
  switch (item.reason) {
    case 'retention':
      return mayRetire(transaction, item, remoteId, now)
    case 'requested':
      return mayGoByRequest(transaction, item, remoteId, now)
    default:
      return isStillLeft(item, remoteId)
  }
}

async function mayRetire(transaction: Transaction, { backup }: Item, remoteId: string, now: Date): Promise<boolean> {
  const isPresent = backup.copies.some((copy) => copy.remoteId === remoteId && copy.presence === 'present')
  const isRead = backup.restores.length > 0 || backup.replications.length > 0
  if (!backup.plan || backup.plan.heldAt || isPinned(backup, now) || !isPresent || isRead) return false
  const newer = await transaction.backup.count({
    where: {
      planId: backup.planId,
      sequence: { gt: backup.sequence },
      ...isGood,
      copies: { some: { remoteId, presence: 'present' } },
    },
  })
  const target = await transaction.planTarget.findFirst({ where: { planId: backup.planId ?? '', remoteId } })
  return newer >= Math.max(1, target?.keepAtLeast ?? 1)
}

/** What became the last good one since it was asked for stays: nobody was told so. */
async function mayGoByRequest(
  transaction: Transaction,
  { backup, lastGood }: Item,
  remoteId: string,
  now: Date,
): Promise<boolean> {
  const copies = backup.copies.filter((copy) => copy.remoteId === remoteId && isThere(copy))
  const isLast = (await newestGoodFrom(transaction, backup, remoteId)) === backup.id
  return deletionObstacle({ ...backup, copies }, isLast, now) === null && (lastGood || !isLast)
}

const isThere = ({ presence }: { presence: Presence }) => presence === 'present' || presence === 'missing'

function isStillLeft({ backup }: Item, remoteId: string): boolean {
  const isLeft = backup.copies.some((copy) => copy.remoteId === remoteId && copy.presence === 'leftover')
  const isFilled = backup.replications.some(({ toRemoteId }) => toRemoteId === remoteId)
  return isLeft && !isFilled && backup.state !== 'queued' && backup.state !== 'running'
}

function buildSpec({ id, attempt, instance, worker, remote }: PruneRow, items: Item[]): PruneSpec {
  return pruneSpecSchema.parse({
    pruneId: id,
    attempt,
    instance: { id: instance.id, slug: instance.slug },
    worker: { id: worker.id, slug: worker.slug },
    remote: toDeletingRemote(remote),
    items: items.map(({ backup, reason }) => ({ backupId: backup.id, folder: backup.folder, reason })),
  })
}
