import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { isReachedDirectly } from '@/core/sources/reach'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, Prisma, type Transaction, type Worker } from '@/lib/db'
import { absolutePathSchema, idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { assertRestorable } from './assert-restorable'
import { databasePrefixOf, type StoredTarget } from './target'

export const requestRestoreSchema = z.object({
  backupId: idSchema,
  /** to read from; null: the first that holds it */
  remoteId: idSchema.nullable().default(null),
  /** who restores; null: the worker that made the backup */
  workerId: idSchema.nullable().default(null),
  /** must not exist yet on the worker's host; null: a folder of the restore's own in the worker's usual scratch place */
  folder: absolutePathSchema.nullable().default(null),
  /** the MongoDB source into whose server databases are restored, under renamed names; null: no databases are restored */
  mongodbSourceId: idSchema.nullable().default(null),
  /** artifact names; null: all */
  artifacts: z.array(z.string().min(1).max(100)).min(1).max(100).nullable().default(null),
  reason: z.string().trim().max(500).nullable().default(null),
})
export type RequestRestoreInput = z.input<typeof requestRestoreSchema>

/**
 * Asks for a restore into a scratch place: nothing that exists is touched, so it takes no lock.
 * Throws Problem `unknown-backup`, `not-restorable`, `being-deleted`, `worker-not-active`, `unknown-source`.
 */
export async function requestRestore(
  actor: Actor,
  input: RequestRestoreInput,
  now = new Date(),
): Promise<{ restoreId: string }> {
  const request = requestRestoreSchema.parse(input)
  const restoreId = randomUUID()
  const { worker, attempt } = await db().$transaction(async (transaction) => {
    const { backup, remoteId } = await assertRestorable(transaction, request.backupId, request.remoteId)
    const worker = await workerOf(transaction, backup.instanceId, request.workerId ?? backup.workerId)
    await assertSource(transaction, worker, request.mongodbSourceId)
    const target: StoredTarget = {
      kind: 'scratch',
      folder: request.folder,
      mongodb: request.mongodbSourceId
        ? { sourceId: request.mongodbSourceId, databasePrefix: databasePrefixOf(restoreId) }
        : null,
    }
    const restore = await transaction.restore.create({
      data: {
        ...{ id: restoreId, instanceId: backup.instanceId, backupId: backup.id, remoteId },
        requestedAt: now,
        requestedById: actor.kind === 'user' ? actor.id : null,
        reason: request.reason,
        artifacts: request.artifacts ?? Prisma.DbNull,
        tasks: { create: [{ workerId: worker.id, target }] },
      },
      include: { tasks: true },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.request',
      subject: { kind: 'restore', id: restoreId },
      instanceId: backup.instanceId,
      detail: { backupId: backup.id, folder: target.folder, databasePrefix: target.mongodb?.databasePrefix ?? null },
    })
    return { worker, attempt: restore.tasks[0]?.attempt ?? 1 }
  })
  await enqueueRun(worker, 'restore', { id: restoreId, attempt })
  return { restoreId }
}

async function workerOf(transaction: Transaction, instanceId: string, workerId: string | null): Promise<Worker> {
  const worker = workerId ? await transaction.worker.findFirst({ where: { id: workerId, instanceId } }) : null
  if (worker?.state === 'active') return worker
  throw new Problem({
    code: 'worker-not-active',
    text: worker ? `The worker “${worker.slug}” is ${worker.state}.` : 'This worker does not belong to the instance.',
    action: 'Choose another worker of the instance.',
    where: 'workerId',
  })
}

async function assertSource(transaction: Transaction, worker: Worker, sourceId: string | null): Promise<void> {
  if (!sourceId) return
  const source = await transaction.source.findFirst({
    where: { id: sourceId, instanceId: worker.instanceId, workerId: worker.id, kind: 'mongodb' },
  })
  if (!source)
    throw new Problem({
      code: 'unknown-source',
      text: `The worker “${worker.slug}” has no such MongoDB source.`,
      action: 'Choose a MongoDB source of that worker.',
      where: 'mongodbSourceId',
    })
  if (!isReachedDirectly(source))
    throw new Problem({
      code: 'not-reached-directly',
      text: `The source “${source.slug}” is reached in a container, where databases can be dumped but not restored beside.`,
      action: 'Make a source that reaches a MongoDB directly, or restore the archive with mongorestore.',
      where: 'mongodbSourceId',
    })
}
