import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { takeFixUps } from '@/core/fix-up-profiles/restore-fix-ups'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, Prisma, type Transaction } from '@/lib/db'
import { absolutePathSchema, idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { selectionSchema } from '@/protocol/selection'
import { assertRestorable } from './assert-restorable'
import { assertTarget } from './assert-target'
import { inPlaceTarget } from './in-place-target'
import { needsSlug, refusalOf } from './restore-rules'
import type { StoredCheck } from './stored-check'
import { databasePrefixOf, type StoredTarget } from './target'
import { wordsOf } from './what-words'

export const requestRestoreSchema = z.object({
  backupId: idSchema,
  /** who restores, of whatever instance; null: the worker that made the backup */
  workerId: idSchema.nullable().default(null),
  /** which copy is read; null: the first that is present */
  remoteId: idSchema.nullable().default(null),
  /** must not exist yet on the worker's host; null: a folder of the restore's own in the worker's usual scratch place */
  folder: absolutePathSchema.nullable().default(null),
  /** the MongoDB source into whose server databases are restored, under renamed names; null: no databases are restored */
  mongodbSourceId: idSchema.nullable().default(null),
  /** artifact names; null: all */
  artifacts: z.array(z.string().min(1).max(100)).min(1).max(100).nullable().default(null),
  /** what of them; null: all of it */
  selection: selectionSchema.nullable().default(null),
  /**
   * exchange what stands there; null: beside. `safety`: a backup is made of it before. `requireEmpty`: only where nothing stands yet.
   */
  inPlace: z
    .object({ writers: z.enum(['stopped', 'command']), safety: z.boolean(), requireEmpty: z.boolean().default(false) })
    .nullable()
    .default(null),
  /** those of the target instance, but these; null: none */
  fixUps: z
    .object({ without: z.array(z.string().max(100)).max(100) })
    .nullable()
    .default(null),
  reason: z.string().trim().max(500).nullable().default(null),
  /** the target instance's, where it must be typed */
  typedSlug: z.string().max(100).nullable().default(null),
})
export type RequestRestoreInput = z.input<typeof requestRestoreSchema>
export type RestoreRequest = z.output<typeof requestRestoreSchema>

/**
 * `check`: what its worker said before it was confirmed; null: nobody asked. `refresh`: for which time of it, and the names of the
 * amber lines that were ticked for the restore that it repeats.
 */
type Chosen = {
  restoreId: string
  check: StoredCheck | null
  refresh?: { id: string; plannedAt: Date; accepted: string[] }
}

/**
 * Asks for a restore into a scratch place, which touches nothing that exists and takes no lock, or in place.
 * Throws Problem `no-plan-for-safety`, `unknown-backup`, `not-restorable`, `being-deleted`, `worker-not-active`, `worker-too-old`,
 * `unknown-source`, `not-reached-directly`, `forbidden`, `slug-not-typed`.
 */
export async function requestRestore(
  actor: Actor,
  input: RequestRestoreInput,
  now = new Date(),
): Promise<{ restoreId: string }> {
  return insertRestore(actor, requestRestoreSchema.parse(input), { restoreId: randomUUID(), check: null }, now)
}

/** The same under an id that is known before, so that a restore is asked for once. */
export async function insertRestore(
  actor: Actor,
  request: RestoreRequest,
  { restoreId, check, refresh }: Chosen,
  now: Date,
): Promise<{ restoreId: string }> {
  const { worker, attempt, target } = await db().$transaction(async (transaction) => {
    const { backup, remoteId } = await assertRestorable(transaction, request.backupId, request.remoteId)
    const worker = await assertTarget(transaction, request, backup)
    assertAllowed(actor, request, worker.instance, backup.instanceId)
    if (check) await takeCheck(transaction, restoreId)
    const place = { restoreId, worker, backup, remoteId, accepted: refresh?.accepted ?? check?.accepted ?? [] }
    const target: StoredTarget = request.inPlace
      ? await inPlaceTarget(transaction, actor, request, place, now)
      : scratchTarget(request, restoreId)
    const restore = await transaction.restore.create({
      data: {
        ...{ id: restoreId, instanceId: worker.instanceId, backupId: backup.id, remoteId },
        requestedAt: now,
        requestedById: actor.kind === 'user' ? actor.id : null,
        reason: request.reason,
        artifacts: request.artifacts ?? Prisma.DbNull,
        selection: request.selection ?? Prisma.DbNull,
        check: check ?? Prisma.DbNull,
        ...(refresh && { refreshId: refresh.id, plannedAt: refresh.plannedAt }),
        ...(request.fixUps ? await takeFixUps(transaction, worker, { id: restoreId, ...request.fixUps }) : {}),
        tasks: { create: [{ workerId: worker.id, target }] },
      },
      include: { tasks: true },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.request',
      subject: { kind: 'restore', id: restoreId },
      instanceId: worker.instanceId,
      detail: {
        ...{ backupId: backup.id, backupInstanceId: backup.instanceId, remoteId },
        ...(target.kind === 'scratch'
          ? { folder: target.folder }
          : { inPlace: true, safetyBackupId: target.safetyBackupId }),
        databasePrefix: target.kind === 'scratch' ? (target.mongodb?.databasePrefix ?? null) : null,
        what: wordsOf(request).slice(0, 20),
        fixUps: request.fixUps !== null,
        reason: request.reason,
      },
    })
    return { worker, attempt: restore.tasks[0]?.attempt ?? 1, target }
  })
  // first in the queue, so that the restore behind it need not wait for the next tick
  if (target.kind === 'inPlace' && target.safetyBackupId) await enqueueSafety(target.safetyBackupId)
  await enqueueRun(worker, 'restore', { id: restoreId, attempt })
  return { restoreId }
}

/** Throws Problem `forbidden`, `slug-not-typed`. */
export function assertAllowed(
  actor: Actor,
  request: Pick<RestoreRequest, 'inPlace' | 'typedSlug'>,
  instance: { id: string; slug: string; environment: 'development' | 'testing' | 'production' },
  backupInstanceId: string,
): void {
  const isOther = instance.id !== backupInstanceId
  const destination = { environment: instance.environment, isOther, isInPlace: request.inPlace !== null }
  const refusal = refusalOf(actor, destination)
  if (refusal) throw refusal
  if (needsSlug(destination) && request.typedSlug !== instance.slug)
    throw new Problem({
      code: 'slug-not-typed',
      text: `Type “${instance.slug}”, since this goes into production.`,
      where: 'typedSlug',
    })
}

async function enqueueSafety(backupId: string): Promise<void> {
  const [task] = await db().backupTask.findMany({ where: { backupId, attempt: 1 }, include: { worker: true } })
  if (task) await enqueueRun(task.worker, 'backup', { id: backupId, attempt: task.attempt })
}

function scratchTarget({ folder, mongodbSourceId }: RestoreRequest, restoreId: string): StoredTarget {
  const mongodb = mongodbSourceId ? { sourceId: mongodbSourceId, databasePrefix: databasePrefixOf(restoreId) } : null
  return { kind: 'scratch', folder, mongodb }
}

/** A check serves one restore. */
async function takeCheck(transaction: Transaction, id: string): Promise<void> {
  const { count } = await transaction.restoreCheck.deleteMany({ where: { id } })
  if (count === 0)
    throw new Problem({
      code: 'check-over',
      text: 'This check was used already, or is too old.',
      action: 'Check once more.',
    })
}
