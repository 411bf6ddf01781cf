import { limitsOf } from '@/core/backups/backup-spec'
import { fixUpsOf } from '@/core/fix-up-profiles/restore-fix-ups'
import { toRemote } from '@/core/remotes/remote-spec'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { toSource } from '@/core/sources/source-spec'
import type { Prisma, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import {
  backupReferenceSchema,
  type DiscardOrder,
  discardOrderSchema,
  type InPlaceEndSpec,
  type InPlaceSpec,
  inPlaceEndSpecSchema,
  inPlaceSpecSchema,
  type OlderRestoreOrder,
  olderRestoreOrderSchema,
  type RestoreOrder,
  restoreOrderSchema,
} from '@/protocol/specs'
import { assertRestorable } from './assert-restorable'
import { olderFileSchema, olderPathOf } from './older-file'
import { type InPlaceTarget, type ScratchTarget, scratchTargetSchema, storedTargetSchema } from './target'
import { targetTrees } from './target-trees'

export const taskInclude = {
  worker: true,
  restore: { include: { instance: true, backup: { include: { instance: true, plan: true } } } },
} satisfies Prisma.RestoreTaskInclude

export type TaskRow = Prisma.RestoreTaskGetPayload<{ include: typeof taskInclude }>

/** What the worker is told, out of the rows as they are now. Throws Problem when something that it needs is gone. */
export async function buildRestoreSpec(
  transaction: Transaction,
  task: TaskRow,
): Promise<RestoreOrder | OlderRestoreOrder | InPlaceSpec> {
  const { restore, worker } = task
  const { backup, instance } = restore
  if (!backup) return buildOlderSpec(transaction, task)
  await assertRestorable(transaction, backup.id, restore.remoteId)
  const remote = await transaction.remote.findUnique({ where: { id: restore.remoteId } })
  if (!remote) throw new Problem({ code: 'remote-gone', text: 'The remote of this backup was deleted.' })
  const facts = {
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
    fixUps: fixUpsOf(restore),
    limits: limitsOf(backup.plan),
  }
  const target = storedTargetSchema.parse(task.target)
  if (target.kind === 'scratch')
    return restoreOrderSchema.parse({ ...facts, target: await scratchTarget(transaction, target) })
  const trees = await targetTrees(transaction, worker, backup.instanceId)
  return inPlaceSpecSchema.parse({ ...facts, target: { ...(await inPlaceTarget(transaction, target)), trees } })
}

async function buildOlderSpec(transaction: Transaction, task: TaskRow): Promise<OlderRestoreOrder> {
  const { restore, worker } = task
  const remote = await transaction.remote.findUnique({ where: { id: restore.remoteId } })
  if (!remote) throw new Problem({ code: 'remote-gone', text: 'The remote of this file was deleted.' })
  const file = olderFileSchema.parse(restore.olderFile)
  return olderRestoreOrderSchema.parse({
    ...{ restoreId: restore.id, attempt: task.attempt },
    instance: { id: restore.instance.id, slug: restore.instance.slug },
    worker: { id: worker.id, slug: worker.slug },
    older: { path: olderPathOf(file) },
    remote: toRemote(remote),
    limits: { ...limitsOf(null), bytesPerSecond: await slowestLimit(transaction, file.instance.id, remote.id) },
    target: await scratchTarget(transaction, scratchTargetSchema.parse(task.target)),
  })
}

/** Of the plans whose backups lie beside an older file, which is of no plan itself; null: none of them has a limit. */
async function slowestLimit(transaction: Transaction, instanceId: string, remoteId: string): Promise<number | null> {
  const { _min } = await transaction.plan.aggregate({
    where: { instanceId, targets: { some: { remoteId } } },
    _min: { bytesPerSecond: true },
  })
  return _min.bytesPerSecond
}

export async function buildDiscardSpec(
  transaction: Transaction,
  task: TaskRow,
): Promise<DiscardOrder | InPlaceEndSpec> {
  const { id, instance } = task.restore
  const target = storedTargetSchema.parse(task.target)
  const facts = {
    restoreId: id,
    attempt: task.discardAttempt,
    instance: { id: instance.id, slug: instance.slug },
  }
  if (target.kind === 'scratch')
    return discardOrderSchema.parse({ ...facts, target: await scratchTarget(transaction, target) })
  const { kind, writers, end } = target
  return inPlaceEndSpecSchema.parse({ ...facts, target: { kind, writers }, end })
}

async function scratchTarget(transaction: Transaction, target: ScratchTarget): Promise<RestoreOrder['target']> {
  const { kind, folder, mongodb } = target
  return { kind, folder, mongodb: mongodb && (await sourceTarget(transaction, mongodb)) }
}

async function inPlaceTarget(
  transaction: Transaction,
  target: InPlaceTarget,
): Promise<Omit<InPlaceSpec['target'], 'trees'>> {
  const { kind, writers, allowForeignFolders, allowOpenFiles, requireEmpty, mongodb, safetyBackupId } = target
  const server = mongodb && (await sourceTarget(transaction, { ...mongodb, databasePrefix: 'unused_' }))
  const safety = safetyBackupId
    ? await transaction.backup.findUniqueOrThrow({ where: { id: safetyBackupId }, include: { instance: true } })
    : null
  return {
    ...{ kind, writers, allowForeignFolders, allowOpenFiles, requireEmpty },
    mongodb: server && { connection: server.connection },
    safety:
      safety &&
      backupReferenceSchema.parse({
        id: safety.id,
        instance: { id: safety.instance.id, slug: safety.instance.slug },
        folder: safety.folder,
        manifestSha256: safety.manifestSha256,
      }),
  }
}

/** How the server of a MongoDB source is reached for a restore. Throws Problem `source-gone`. */
export async function sourceTarget(
  transaction: Transaction,
  { sourceId, databasePrefix }: NonNullable<ScratchTarget['mongodb']>,
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
