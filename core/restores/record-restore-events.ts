import type { z } from 'zod'
import { bodiesOf } from '@/core/workers/bodies-of'
import { freshEvents } from '@/core/workers/fresh-events'
import { staleAttempt } from '@/core/workers/refusals'
import { appendRunLog } from '@/core/workers/run-log'
import { db, Prisma, type RestoreTask, type Transaction } from '@/lib/db'
import type { RunEvent } from '@/protocol/events'
import type { eventsRequestSchema, eventsResponseSchema } from '@/protocol/worker-api'
import { settleRestore } from './settle-restore'
import { storedTargetSchema } from './target'

type Request = z.infer<typeof eventsRequestSchema>

/** Takes what a worker reports of its restore, in order and once; late events overturn `lost`. Throws Problem `stale-attempt`. */
export async function recordRestoreEvents(
  worker: { id: string },
  request: Request,
  now = new Date(),
): Promise<z.infer<typeof eventsResponseSchema>> {
  const { run } = request
  return db().$transaction(async (transaction) => {
    const place = { restoreId_workerId: { restoreId: run.id, workerId: worker.id } }
    const task = await transaction.restoreTask.findUnique({ where: place, include: { restore: true } })
    if (!task || task.attempt !== run.attempt || task.state === 'queued') throw staleAttempt()
    const fresh = freshEvents(task.lastEventSequence, request.events)
    if (task.state !== 'running' && task.state !== 'lost') {
      if (fresh.length > 0) throw staleAttempt()
      return { lastSequence: task.lastEventSequence, cancel: true }
    }
    await applyFacts(transaction, task, { ...request, events: fresh }, now)
    const last = fresh.at(-1)?.body
    if (last?.type === 'finished') await settleRestore(transaction, task, last, now)
    else if (task.state === 'lost') await revive(transaction, task)
    appendRunLog(run, fresh.map(warningAsLine))
    return {
      lastSequence: task.lastEventSequence + fresh.length,
      cancel: last?.type !== 'finished' && task.restore.cancelRequestedAt !== null,
    }
  })
}

/** A restore's warnings are kept in its log. */
function warningAsLine(event: RunEvent): RunEvent {
  const { body } = event
  if (body.type !== 'warning') return event
  const text = `${body.where === undefined ? '' : `${body.where}: `}${body.text}`.slice(0, 4000)
  return { ...event, body: { type: 'log', level: 'warn', text } }
}

async function applyFacts(
  transaction: Transaction,
  task: RestoreTask,
  { events, progress }: Request,
  now: Date,
): Promise<void> {
  const folder = bodiesOf(events, 'scratch').at(-1)?.folder
  const comparison = bodiesOf(events, 'comparison').at(-1)?.comparison
  const exchange = bodiesOf(events, 'exchange').at(-1)?.exchange
  const fixUps = bodiesOf(events, 'fix-ups').at(-1)?.results
  const reconciliation = bodiesOf(events, 'reconciliation').at(-1)?.reconciliation
  const fetched = bodiesOf(events, 'fetched').at(-1)
  const phase = progress?.phase ?? bodiesOf(events, 'phase').findLast(({ state }) => state === 'started')?.phase
  await transaction.restoreTask.update({
    where: { id: task.id },
    data: {
      lastSeenAt: now,
      lastEventSequence: task.lastEventSequence + events.length,
      ...(phase ? { phase } : {}),
      ...(progress ? { progress } : {}),
      ...(comparison ? { comparison } : {}),
      ...(fixUps ? { fixUpResults: fixUps } : {}),
      ...(reconciliation ? { reconciliation } : {}),
      ...(exchange ? { exchange } : {}),
      ...(fetched ? { fetchedFiles: fetched.files, fetchedBytes: fetched.bytes } : {}),
      ...(folder ? { target: { ...storedTargetSchema.parse(task.target), folder } } : {}),
    },
  })
}

async function revive(transaction: Transaction, task: RestoreTask): Promise<void> {
  const data = { state: 'running' as const, problem: Prisma.DbNull, finishedAt: null }
  await transaction.restoreTask.update({ where: { id: task.id }, data })
  await transaction.restore.update({ where: { id: task.restoreId }, data })
}
