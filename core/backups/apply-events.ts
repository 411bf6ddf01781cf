import { type BodyOf, bodiesOf } from '@/core/workers/bodies-of'
import type { Prisma, Transaction } from '@/lib/db'
import type { Progress, RunEvent } from '@/protocol/events'
import { recordArtifacts } from './record-artifacts'
import { recordFolder } from './record-folder'
import { type BackupWithTasks, keyOf, type TaskOfBackup } from './tasks'
import { addSample, throughputSchema } from './throughput'

const keptWarnings = 10_000

/** Brings the facts of a batch of events into the rows; how the run ended is finish-backup's. Runs in the caller's transaction. */
export async function applyEvents(
  transaction: Transaction,
  task: TaskOfBackup,
  events: RunEvent[],
  progress: Progress | null,
  now: Date,
): Promise<void> {
  const { backup } = task
  await recordFolder(transaction, backup, bodiesOf(events, 'folder'))
  await recordPhases(transaction, task, events)
  await recordArtifacts(transaction, { backupId: backup.id, workerId: task.workerId }, events)
  const warnings = bodiesOf(events, 'warning')
  await recordWarnings(transaction, backup, warnings)
  const summary = bodiesOf(events, 'summary').at(-1)
  const phase = progress?.phase ?? bodiesOf(events, 'phase').findLast(({ state }) => state === 'started')?.phase
  await transaction.backupTask.update({
    where: keyOf(task),
    data: {
      lastSeenAt: now,
      lastEventSequence: task.lastEventSequence + events.length,
      ...(phase ? { phase } : {}),
      ...(progress ? { progress } : {}),
    },
  })
  await transaction.backup.update({
    where: { id: backup.id },
    data: {
      ...(progress ? throughputWith(task, progress, now) : {}),
      ...(summary ? columnsOf(summary) : { warningCount: { increment: warnings.length } }),
    },
  })
}

function throughputWith({ attempt, backup: { throughput, startedAt } }: TaskOfBackup, progress: Progress, now: Date) {
  const known = throughputSchema.nullable().catch(null).parse(throughput)
  const added = startedAt && addSample(known, { attempt, startedAt, now }, progress)
  return added ? { throughput: added } : {}
}

function columnsOf({ type: _, ...summary }: BodyOf<'summary'>) {
  return {
    bytes: summary.bytes,
    rawBytes: summary.rawBytes,
    warningCount: summary.warningCount,
    summary: summary satisfies Prisma.InputJsonValue,
  }
}

async function recordPhases(transaction: Transaction, task: TaskOfBackup, events: RunEvent[]): Promise<void> {
  const { backupId, attempt } = task
  for (const { at, body } of events) {
    if (body.type !== 'phase') continue
    const { phase, state } = body
    const finishedAt = state === 'started' ? null : new Date(at)
    await transaction.backupPhase.upsert({
      where: { backupId_attempt_phase: { backupId, attempt, phase } },
      create: { backupId, attempt, phase, state, startedAt: new Date(at), finishedAt },
      update: { state, finishedAt },
    })
  }
}

async function recordWarnings(
  transaction: Transaction,
  backup: BackupWithTasks,
  warnings: BodyOf<'warning'>[],
): Promise<void> {
  const room = Math.max(0, keptWarnings - backup.warningCount)
  const rows = warnings.slice(0, room).map(({ code, text, source, where }) => ({
    ...{ backupId: backup.id, code, text },
    ...{ source: source ?? null, where: where ?? null },
  }))
  if (rows.length > 0) await transaction.backupWarning.createMany({ data: rows })
}
