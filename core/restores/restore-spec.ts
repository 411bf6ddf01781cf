import { limitsOf } from '@/core/backups/backup-spec'
import { toRemote } from '@/core/remotes/remote-spec'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { toSource } from '@/core/sources/source-spec'
import type { Prisma, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type DiscardOrder, discardOrderSchema, type RestoreOrder, restoreOrderSchema } from '@/protocol/specs'
import { assertRestorable } from './assert-restorable'
import { type StoredTarget, storedTargetSchema } from './target'

export const taskInclude = {
  worker: true,
  restore: { include: { instance: true, backup: { include: { instance: true, plan: true } } } },
} satisfies Prisma.RestoreTaskInclude

export type TaskRow = Prisma.RestoreTaskGetPayload<{ include: typeof taskInclude }>

/** What the worker is told, out of the rows as they are now. Throws Problem when something that it needs is gone. */
export async function buildRestoreSpec(transaction: Transaction, task: TaskRow): Promise<RestoreOrder> {
  const { restore, worker } = task
  const { backup, instance } = restore
  await assertRestorable(transaction, backup.id, restore.remoteId)
  const remote = await transaction.remote.findUnique({ where: { id: restore.remoteId } })
  if (!remote) throw new Problem({ code: 'remote-gone', text: 'The remote of this backup was deleted.' })
  return restoreOrderSchema.parse({
    restoreId: restore.id,
    attempt: task.attempt,
    instance: { id: instance.id, slug: instance.slug },
    worker: { id: worker.id, slug: worker.slug },
    backup: {
      id: backup.id,
      instance: { id: backup.instance.id, slug: backup.instance.slug },
      folder: backup.folder,
      manifestSha256: backup.manifestSha256,
    },
    remote: toRemote(remote),
    signingKeys: await listSigningKeys(transaction),
    artifacts: restore.artifacts,
    selection: restore.selection,
    target: await targetOf(transaction, task),
    limits: limitsOf(backup.plan),
  })
}

export async function buildDiscardSpec(transaction: Transaction, task: TaskRow): Promise<DiscardOrder> {
  const { id, instance } = task.restore
  return discardOrderSchema.parse({
    restoreId: id,
    attempt: task.discardAttempt,
    instance: { id: instance.id, slug: instance.slug },
    target: await targetOf(transaction, task),
  })
}

async function targetOf(transaction: Transaction, task: TaskRow): Promise<RestoreOrder['target']> {
  const { kind, folder, mongodb } = storedTargetSchema.parse(task.target)
  return { kind, folder, mongodb: mongodb && (await sourceTarget(transaction, mongodb)) }
}

/** How the server of a MongoDB source is reached for a restore. Throws Problem `source-gone`. */
export async function sourceTarget(
  transaction: Transaction,
  { sourceId, databasePrefix }: NonNullable<StoredTarget['mongodb']>,
): Promise<NonNullable<RestoreOrder['target']['mongodb']>> {
  const row = await transaction.source.findUnique({ where: { id: sourceId } })
  const source = row ? toSource(row) : null
  if (source?.kind !== 'mongodb')
    throw new Problem({
      code: 'source-gone',
      text: 'The MongoDB source that says where databases are restored to was deleted.',
    })
  const { connection, tools } = source
  return { connection, databasePrefix, tools }
}
