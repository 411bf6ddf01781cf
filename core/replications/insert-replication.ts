import type { Actor } from '@/core/audit/actor'
import type { Prisma, Replication, Transaction, Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { knowsReplications } from '@/protocol/version'
import { isCopyable } from './is-copyable'

const openStates = ['queued', 'running'] as const
const include = {
  worker: true,
  copies: true,
  plan: { include: { targets: { orderBy: { position: 'asc' } } } },
} satisfies Prisma.BackupInclude
type CopyableBackup = Prisma.BackupGetPayload<{ include: typeof include }>

/**
 * Inserts a run that copies a backup to a remote, from the first remote of its plan that holds it whole, in the caller's
 * transaction. Throws Problem `not-copyable`, `already-there`, `copy-under-way`, `no-worker`.
 */
export async function insertReplication(
  transaction: Transaction,
  actor: Actor,
  { backupId, toRemoteId }: { backupId: string; toRemoteId: string },
  now: Date,
): Promise<{ replication: Replication; worker: Worker; instanceId: string }> {
  const backup = await transaction.backup.findFirst({ where: { id: backupId, ...isCopyable }, include })
  const fromRemoteId = backup && sourceOf(backup, toRemoteId)
  if (!backup || !fromRemoteId)
    throw new Problem({
      code: 'not-copyable',
      text: 'This backup cannot be copied: it is not complete, or lies whole on no other remote.',
    })
  const there = backup.copies.find(({ remoteId }) => remoteId === toRemoteId)
  if (there?.presence === 'present')
    throw new Problem({ code: 'already-there', text: 'This backup lies on that remote already.' })
  const open = await transaction.replication.findFirst({
    where: { backupId, toRemoteId, state: { in: [...openStates] } },
  })
  if (open) throw new Problem({ code: 'copy-under-way', text: 'This backup is being copied to that remote already.' })
  const worker = await chooseWorker(transaction, backup)
  if (!there) await transaction.copy.create({ data: { backupId, remoteId: toRemoteId } })
  const { instanceId } = backup
  const replication = await transaction.replication.create({
    data: {
      ...{ instanceId, backupId, fromRemoteId, toRemoteId, workerId: worker.id, requestedAt: now },
      requestedById: actor.kind === 'user' ? actor.id : null,
    },
  })
  return { replication, worker, instanceId }
}

/** The first target of the plan that holds it, else any remote that does. */
function sourceOf({ copies, plan }: CopyableBackup, toRemoteId: string): string | null {
  const holders = copies
    .filter(({ remoteId, presence }) => presence === 'present' && remoteId !== toRemoteId)
    .map(({ remoteId }) => remoteId)
  const inOrder = plan?.targets.map(({ remoteId }) => remoteId).filter((id) => holders.includes(id)) ?? []
  return inOrder[0] ?? holders[0] ?? null
}

/** The worker that made the backup, as its remote may be a disk that only it reaches; another where that one cannot. */
async function chooseWorker(transaction: Transaction, { worker, instanceId }: CopyableBackup): Promise<Worker> {
  const active = await transaction.worker.findMany({ where: { instanceId, state: 'active' }, orderBy: { slug: 'asc' } })
  const able = active.filter(({ protocol }) => knowsReplications(protocol))
  const chosen = able.find(({ id }) => id === worker?.id) ?? able[0]
  if (chosen) return chosen
  throw new Problem({
    code: 'no-worker',
    text:
      active.length > 0
        ? 'The worker of this instance is too old to copy backups.'
        : 'The instance has no active worker that could copy the backup.',
    action:
      active.length > 0
        ? 'Upgrade Talekeeper on its host.'
        : 'Enrol a worker of the instance, or confirm the one that waits.',
  })
}
