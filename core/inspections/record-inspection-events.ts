import type { z } from 'zod'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { type BodyOf, bodiesOf } from '@/core/workers/bodies-of'
import { freshEvents } from '@/core/workers/fresh-events'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db, type Inspection, Prisma, type Transaction } from '@/lib/db'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { judgeCopy } from './judge-copy'
import { mustYield } from './must-yield'

/** Takes what a worker reports of a look, in order and once. Throws Problem `stale-attempt`. */
export async function recordInspectionEvents(
  worker: { id: string; slug: string },
  { run, events, progress }: z.infer<typeof eventsRequestSchema>,
  now = new Date(),
): Promise<z.infer<typeof eventsResponseSchema>> {
  return db().$transaction(async (transaction) => {
    const inspection = await transaction.inspection.findUnique({ where: { id: run.id } })
    if (inspection?.workerId !== worker.id || inspection.attempt !== run.attempt || inspection.state === 'queued')
      throw staleAttempt()
    const fresh = freshEvents(inspection.lastEventSequence, events)
    if (inspection.state !== 'running' && inspection.state !== 'lost') {
      if (fresh.length > 0) throw staleAttempt()
      return { lastSequence: inspection.lastEventSequence, cancel: true }
    }
    const counts = { judged: inspection.judged, damaged: inspection.damaged }
    for (const verdict of bodiesOf(fresh, 'judged')) {
      if (!(await recordVerdict(transaction, worker, inspection, verdict, now))) continue
      counts.judged++
      if (verdict.faults.length > 0) counts.damaged++
    }
    for (const stranger of bodiesOf(fresh, 'stranger')) await recordStranger(transaction, inspection, stranger)
    const last = fresh.at(-1)?.body
    const ending =
      last?.type === 'finished'
        ? { state: last.state, problem: last.problem ?? Prisma.DbNull, finishedAt: now, progress: Prisma.DbNull }
        : { state: 'running' as const, problem: Prisma.DbNull, finishedAt: null, ...(progress ? { progress } : {}) }
    const lastEventSequence = inspection.lastEventSequence + fresh.length
    const data = { ...counts, ...ending, lastSeenAt: now, lastEventSequence }
    await transaction.inspection.update({ where: { id: inspection.id }, data })
    if (ending.state === 'succeeded' || ending.state === 'warning') await forgetOldStrangers(transaction, inspection)
    appendRunLog(run, fresh)
    const cancel = last?.type !== 'finished' && (await mustYield(transaction, inspection))
    return { lastSequence: lastEventSequence, cancel }
  })
}

/** A verdict on a backup that is not of this look changes nothing. True when it was one. */
async function recordVerdict(
  transaction: Transaction,
  worker: { id: string; slug: string },
  { instanceId, remoteId, kind, backupId: only }: Inspection,
  { backupId, faults }: BodyOf<'judged'>,
  now: Date,
): Promise<boolean> {
  const copy = await transaction.copy.findFirst({ where: { backupId, remoteId, backup: { instanceId } } })
  if (!copy || (kind === 'readBack' && backupId !== only)) return false
  const change = judgeCopy(copy, { kind, faults }, now)
  if (!change) return true
  const data = { ...change, faults: change.faults ?? Prisma.DbNull }
  await transaction.copy.update({ where: { id: copy.id }, data })
  if (change.presence === copy.presence) return true
  await recordAuditEvent(transaction, {
    actor: { kind: 'worker', id: worker.id, name: worker.slug },
    action: change.presence === 'missing' ? 'backup.missing' : 'backup.present-again',
    subject: { kind: 'backup', id: backupId },
    instanceId,
    detail: { remoteId, fault: faults[0]?.text ?? null },
  })
  return true
}

/** What became a backup of ours since the look began is none. */
async function recordStranger(
  transaction: Transaction,
  { id: inspectionId, instanceId, remoteId, kind }: Inspection,
  { folder, files, bytes, manifest, older }: BodyOf<'stranger'>,
): Promise<void> {
  const copies = { some: { remoteId, presence: { not: 'pruned' as const } } }
  const known = await transaction.backup.findFirst({ where: { instanceId, folder, copies } })
  if (known || kind !== 'listing') return
  const facts = { files, bytes, manifest: manifest ?? Prisma.DbNull, older: older ?? Prisma.DbNull }
  await transaction.stranger.upsert({
    where: { inspectionId_folder: { inspectionId, folder } },
    create: { inspectionId, folder, ...facts },
    update: facts,
  })
}

/** Only the newest listing's are shown. */
async function forgetOldStrangers(transaction: Transaction, inspection: Inspection): Promise<void> {
  const { id, instanceId, remoteId, kind } = inspection
  if (kind === 'listing')
    await transaction.stranger.deleteMany({ where: { inspection: { instanceId, remoteId, id: { not: id } } } })
}
