import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { isSilent } from '@/core/workers/silence-rules'
import { db } from '@/lib/db'
import { absolutePathSchema, idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { acceptedLines } from './accepted-lines'
import { assertTarget } from './assert-target'
import { findOlderFile, olderPlaceSchema } from './find-older-file'
import { type OlderFile, olderPathOf } from './older-file'
import { olderLines } from './older-lines'
import { assertAllowed } from './request-restore'
import type { StoredCheck } from './stored-check'
import { databasePrefixOf, type ScratchTarget } from './target'

export const olderRestoreSchema = olderPlaceSchema.extend({
  workerId: idSchema,
  /** must not exist yet on the worker's host; null: a folder of the restore's own in the worker's usual scratch place */
  folder: absolutePathSchema.nullable(),
  /** the MongoDB source into whose server databases are restored, under renamed names; null: none are */
  mongodbSourceId: idSchema.nullable(),
  reason: z.string().trim().min(1, 'Say why, in a few words.').max(500, 'At most 500 characters.'),
  /** names of the amber lines that were ticked */
  accepted: z.array(z.string().max(40)).max(50),
  /** the target instance's, where it must be typed */
  typedSlug: z.string().trim().max(100).nullable(),
})
type OlderRequest = z.output<typeof olderRestoreSchema>

/**
 * Asks for the restore beside of a file of the older scripts, which touches nothing that exists and takes no lock. Throws Problem
 * `older-file-not-found`, `worker-not-active`, `unknown-source`, `not-reached-directly`, `no-mongodb-target`,
 * `forbidden`, `slug-not-typed`, `check-red`, `check-not-accepted`.
 */
export async function requestOlderRestore(
  actor: Actor,
  input: z.input<typeof olderRestoreSchema>,
  now = new Date(),
): Promise<{ restoreId: string }> {
  const request = olderRestoreSchema.parse(input)
  const { remoteId, reason, folder } = request
  const restoreId = randomUUID()
  const worker = await db().$transaction(async (transaction) => {
    const file = await findOlderFile(transaction, request)
    const worker = await assertTarget(transaction, { ...request, selection: null }, { workerId: null })
    const wanted = { inPlace: null, typedSlug: request.typedSlug }
    assertAllowed(actor, wanted, worker.instance, file.instance.id)
    assertServer(file, request)
    const isHeard = worker.lastSeenAt !== null && !isSilent(worker.lastSeenAt, now)
    const way = { file, remoteId, worker: { ...worker, isSilent: !isHeard } }
    const lines = await olderLines(transaction, way)
    const accepted = acceptedLines(lines, request.accepted)
    const check: StoredCheck = { madeAt: now.toISOString(), lines, accepted, preview: null }
    const target: ScratchTarget = { kind: 'scratch', folder, mongodb: mongodbOf(request, restoreId) }
    await transaction.restore.create({
      data: {
        ...{ id: restoreId, instanceId: worker.instanceId, olderFile: file, remoteId, check, reason },
        requestedAt: now,
        requestedById: actor.kind === 'user' ? actor.id : null,
        tasks: { create: [{ workerId: worker.id, target }] },
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'restore.request',
      subject: { kind: 'restore', id: restoreId },
      instanceId: worker.instanceId,
      detail: {
        ...{ olderFile: olderPathOf(file), backupInstanceId: file.instance.id, remoteId, folder, reason },
        databasePrefix: target.mongodb?.databasePrefix ?? null,
      },
    })
    return worker
  })
  await enqueueRun(worker, 'restore', { id: restoreId, attempt: 1 })
  return { restoreId }
}

function mongodbOf({ mongodbSourceId }: OlderRequest, restoreId: string): ScratchTarget['mongodb'] {
  return mongodbSourceId ? { sourceId: mongodbSourceId, databasePrefix: databasePrefixOf(restoreId) } : null
}

function assertServer({ name, holds }: OlderFile, { mongodbSourceId }: OlderRequest): void {
  if (holds === 'mongodb' && mongodbSourceId === null)
    throw new Problem({
      code: 'no-mongodb-target',
      text: `${name} holds databases, but no MongoDB server is chosen to restore them to.`,
      action: 'Choose a worker that reaches a MongoDB directly.',
      where: 'mongodbSourceId',
    })
}
