import type { z } from 'zod'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { completeLate } from '@/core/backups/complete-late'
import { completeCopyLate } from '@/core/replications/complete-copy-late'
import { freshEvents } from '@/core/workers/fresh-events'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db, Prisma, type Transaction } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { doubt, doubtCopies } from './doubt-copies'

type Pruned = Extract<EventBody, { type: 'pruned' }>

/** Takes what a worker reports of a deletion, in order and once. Throws Problem `stale-attempt`. */
export async function recordPruneEvents(
  worker: { id: string },
  { run, events }: z.infer<typeof eventsRequestSchema>,
  now = new Date(),
): Promise<z.infer<typeof eventsResponseSchema>> {
  return db().$transaction(async (transaction) => {
    const prune = await transaction.prune.findUnique({ where: { id: run.id } })
    if (prune?.workerId !== worker.id || prune.attempt !== run.attempt || prune.state === 'queued') throw staleAttempt()
    const fresh = freshEvents(prune.lastEventSequence, events)
    if (prune.state !== 'running' && prune.state !== 'lost') {
      if (fresh.length > 0) throw staleAttempt()
      return { lastSequence: prune.lastEventSequence, cancel: true }
    }
    for (const { body } of fresh) if (body.type === 'pruned') await recordPruned(transaction, prune, body, now)
    const last = fresh.at(-1)?.body
    const ending =
      last?.type === 'finished'
        ? { state: last.state, problem: last.problem ?? Prisma.DbNull, finishedAt: now }
        : { state: 'running' as const, problem: Prisma.DbNull, finishedAt: null }
    const lastSequence = prune.lastEventSequence + fresh.length
    const data = { ...ending, lastSeenAt: now, lastEventSequence: lastSequence }
    await transaction.prune.update({ where: { id: prune.id }, data })
    if (last?.type === 'finished') await doubtCopies(transaction, prune)
    appendRunLog(run, fresh)
    return { lastSequence, cancel: false }
  })
}

/** What is said of a backup that was never to be deleted changes nothing. */
async function recordPruned(
  transaction: Transaction,
  { id: pruneId, remoteId, workerId }: { id: string; remoteId: string; workerId: string },
  { backupId, problem, manifestSha256, isHalf }: Pruned,
  now: Date,
): Promise<void> {
  const place = { pruneId_backupId: { pruneId, backupId } }
  const item = await transaction.pruneItem.findUnique({ where: place, include: { backup: true } })
  if (!item || item.done) return
  const data = { done: problem === null, problem: problem ?? Prisma.DbNull }
  await transaction.pruneItem.update({ where: place, data })
  if (problem && item.reason === 'leftover' && manifestSha256)
    for (const complete of [completeLate, completeCopyLate])
      await complete(transaction, { backupId, remoteId, manifestSha256 }, now)
  if (problem && isHalf) await doubt(transaction, remoteId, [backupId])
  if (problem) return
  await recordRemoval(transaction, item, { remoteId, workerId })
  const wasBackup = item.reason !== 'leftover' || (await wasToGo(transaction, backupId, remoteId))
  const presence = wasBackup ? ('pruned' as const) : ('absent' as const)
  await transaction.copy.updateMany({ where: { backupId, remoteId }, data: { presence } })
}

/** The rest of a backup whose deletion was interrupted is deleted as a leftover; what goes is the backup. */
async function wasToGo(transaction: Transaction, backupId: string, remoteId: string): Promise<boolean> {
  const asked = { backupId, reason: { not: 'leftover' }, prune: { remoteId, startedAt: { not: null } } }
  return (await transaction.pruneItem.findFirst({ where: asked })) !== null
}

type RemovedItem = Prisma.PruneItemGetPayload<{ include: { backup: true } }>

/** Who removed what from where, so that nothing ever goes without a trace. */
async function recordRemoval(
  transaction: Transaction,
  { backup, reason }: RemovedItem,
  { remoteId, workerId }: { remoteId: string; workerId: string },
): Promise<void> {
  const worker = await transaction.worker.findUnique({ where: { id: workerId } })
  await recordAuditEvent(transaction, {
    actor: { kind: 'worker', id: workerId, name: worker?.slug ?? null },
    action: 'backup.remove',
    subject: { kind: 'backup', id: backup.id },
    instanceId: backup.instanceId,
    detail: { plan: backup.planSlug, folder: backup.folder, remoteId, reason },
  })
}
