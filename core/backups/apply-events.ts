import { type BodyOf, bodiesOf } from '@/core/workers/bodies-of'
import type { Backup, Prisma, Transaction } from '@/lib/db'
import type { Progress, RunEvent } from '@/protocol/events'
import { recordArtifacts } from './record-artifacts'
import { recordFolder } from './record-folder'
import { addSample, throughputSchema } from './throughput'

const keptWarnings = 10_000

/** Brings the facts of a batch of events into the rows; how the run ended is finish-backup's. Runs in the caller's transaction. */
export async function applyEvents(
  transaction: Transaction,
  backup: Backup,
  workerId: string,
  events: RunEvent[],
  progress: Progress | null,
  now: Date,
): Promise<void> {
  await recordFolder(transaction, backup, bodiesOf(events, 'folder'))
  await recordPhases(transaction, backup.id, events)
  await recordArtifacts(transaction, backup.id, workerId, events)
  const warnings = bodiesOf(events, 'warning')
  await recordWarnings(transaction, backup, warnings)
  const summary = bodiesOf(events, 'summary').at(-1)
  const phase = progress?.phase ?? bodiesOf(events, 'phase').findLast(({ state }) => state === 'started')?.phase
  await transaction.backup.update({
    where: { id: backup.id },
    data: {
      lastSeenAt: now,
      lastEventSequence: backup.lastEventSequence + events.length,
      ...(phase ? { phase } : {}),
      ...(progress ? { progress, ...throughputWith(backup, progress) } : {}),
      ...(summary ? columnsOf(summary) : { warningCount: backup.warningCount + warnings.length }),
    },
  })
}

function throughputWith({ throughput, startedAt }: Backup, progress: Progress) {
  const known = throughputSchema.nullable().catch(null).parse(throughput)
  const added = startedAt && addSample(known, startedAt, progress)
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

async function recordPhases(transaction: Transaction, backupId: string, events: RunEvent[]): Promise<void> {
  for (const { at, body } of events) {
    if (body.type !== 'phase') continue
    const { phase, state } = body
    const finishedAt = state === 'started' ? null : new Date(at)
    await transaction.backupPhase.upsert({
      where: { backupId_phase: { backupId, phase } },
      create: { backupId, phase, state, startedAt: new Date(at), finishedAt },
      update: { state, finishedAt },
    })
  }
}

async function recordWarnings(transaction: Transaction, backup: Backup, warnings: BodyOf<'warning'>[]): Promise<void> {
  const room = Math.max(0, keptWarnings - backup.warningCount)
  const rows = warnings.slice(0, room).map(({ code, text, source, where }) => ({
    ...{ backupId: backup.id, code, text },
    ...{ source: source ?? null, where: where ?? null },
  }))
  if (rows.length > 0) await transaction.backupWarning.createMany({ data: rows })
}
