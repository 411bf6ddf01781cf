import type { z } from 'zod'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { bodiesOf } from '@/core/workers/bodies-of'
import { freshEvents } from '@/core/workers/fresh-events'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db, Prisma, type Replication, type Transaction } from '@/lib/db'
import type { EventBody, RunEvent } from '@/protocol/events'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { mustYield } from './must-yield'

type Row = Replication & { backup: { folder: string | null } }
type Finished = Extract<EventBody, { type: 'finished' }>

/** Takes what a worker reports of a replication, in order and once. Throws Problem `stale-attempt`. */
export async function recordReplicationEvents(
  worker: { id: string; slug: string },
  { run, events, progress }: z.infer<typeof eventsRequestSchema>,
  now = new Date(),
): Promise<z.infer<typeof eventsResponseSchema>> {
  return db().$transaction(async (transaction) => {
    const replication = await transaction.replication.findUnique({
      where: { id: run.id },
      include: { backup: { select: { folder: true } } },
    })
    if (replication?.workerId !== worker.id || replication.attempt !== run.attempt || replication.state === 'queued')
      throw staleAttempt()
    const fresh = freshEvents(replication.lastEventSequence, events)
    if (!(await isInHand(transaction, replication))) {
      if (fresh.length > 0) throw staleAttempt()
      return { lastSequence: replication.lastEventSequence, cancel: true }
    }
    await recordPlaces(transaction, replication, worker, fresh, now)
    const last = fresh.at(-1)?.body
    const ending =
      last?.type === 'finished'
        ? { ...(await truthOf(transaction, replication, last)), finishedAt: now, progress: Prisma.DbNull }
        : { state: 'running' as const, problem: Prisma.DbNull, finishedAt: null, ...(progress ? { progress } : {}) }
    const lastEventSequence = replication.lastEventSequence + fresh.length
    const data = { ...ending, lastSeenAt: now, lastEventSequence }
    await transaction.replication.update({ where: { id: replication.id }, data })
    appendRunLog(run, fresh)
    const cancel = last?.type !== 'finished' && (await mustYield(transaction, replication))
    return { lastSequence: lastEventSequence, cancel }
  })
}

/** One that was lost goes on when it is heard of again, unless another took its place. */
async function isInHand(transaction: Transaction, { id, state, backupId, toRemoteId }: Row): Promise<boolean> {
  if (state !== 'lost') return state === 'running'
  const later = await transaction.replication.findFirst({
    where: { backupId, toRemoteId, id: { not: id }, state: { in: ['queued', 'running'] } },
  })
  return later === null
}

/** What lies on the other remote, by the worker's word: a folder that is being filled, then a copy of the backup. */
async function recordPlaces(
  transaction: Transaction,
  { backupId, toRemoteId, instanceId, goAt, backup }: Row,
  worker: { id: string; slug: string },
  events: RunEvent[],
  now: Date,
): Promise<void> {
  const place = { backupId, remoteId: toRemoteId }
  if (bodiesOf(events, 'folder').some(({ folder }) => folder === backup.folder))
    await transaction.copy.updateMany({
      where: { ...place, presence: { in: ['absent', 'pruned'] } },
      data: { presence: 'leftover' },
    })
  const copied = bodiesOf(events, 'copied').at(-1)
  if (!copied || !goAt) return
  const { verification } = copied
  const { count } = await transaction.copy.updateMany({
    // what was cleaned up meanwhile is no longer what the worker has checked
    where: { ...place, presence: { in: ['leftover', 'missing'] } },
    data: { presence: 'present', verification, verifiedAt: now, faults: Prisma.DbNull, faultsBy: null },
  })
  if (count > 0)
    await recordAuditEvent(transaction, {
      actor: { kind: 'worker', id: worker.id, name: worker.slug },
      action: 'backup.copied',
      subject: { kind: 'backup', id: backupId },
      instanceId,
      detail: { remoteId: toRemoteId },
    })
}

/** Nothing is copied without a manifest, and no manifest counts without a go, or once its folder was cleaned up. */
async function truthOf(transaction: Transaction, { backupId, toRemoteId }: Row, finished: Finished) {
  const { state, problem } = finished
  if (state !== 'succeeded' && state !== 'warning') return { state, problem: problem ?? Prisma.DbNull }
  const copy = await transaction.copy.findFirst({ where: { backupId, remoteId: toRemoteId, presence: 'present' } })
  return copy ? { state, problem: Prisma.DbNull } : { state: 'failed' as const, problem: withoutGo }
}

const withoutGo = {
  code: 'finished-without-go',
  text: 'The worker reports that the backup is copied, but was not let complete it, or what it had copied was cleaned up meanwhile.',
  action: 'Nothing to do: it is copied again by itself.',
}
