import { type LogPosition, readRunLog } from '@/core/workers/run-log'
import { type BackupPhase, db } from '@/lib/db'
import { phaseSchema, progressSchema } from '@/protocol/events'
import { Problem, problemSchema } from '@/protocol/problem'

/** Log lines that are sent at once: where none are known, and of what came since. */
const [firstLines, mostLines] = [300, 2000]

/** A backup as it stands at this moment, with the log lines after `after`. Throws Problem `not-found`. */
export async function getBackupLive(id: string, after?: LogPosition) {
  const backup = await db().backup.findUnique({
    where: { id },
    select: {
      state: true,
      cancelRequestedAt: true,
      startedAt: true,
      finishedAt: true,
      tasks: { orderBy: { attempt: 'asc' }, include: { worker: { select: { slug: true } } } },
      problem: true,
      warningCount: true,
      phases: { orderBy: { startedAt: 'asc' } },
    },
  })
  if (!backup)
    throw new Problem({ code: 'not-found', text: 'There is no such backup.', action: 'Go back to the list.' })
  const inHand = backup.tasks.findLast((task) => task.startedAt)
  const phasesOf = (attempt: number) => backup.phases.filter((phase) => phase.attempt === attempt).map(toPhase)
  const log = readRunLog({ name: 'backup', id }, after ? { after, limit: mostLines } : { limit: firstLines })
  return {
    state: backup.state,
    cancelRequested: backup.cancelRequestedAt !== null,
    startedAt: backup.startedAt?.toISOString() ?? null,
    finishedAt: backup.finishedAt?.toISOString() ?? null,
    phases: phasesOf(inHand?.attempt ?? 1),
    shares: backup.tasks.map(({ worker, state, attempt }) => ({
      worker: worker.slug,
      state,
      completes: attempt === backup.tasks.length,
      phases: phasesOf(attempt),
    })),
    progress: progressSchema
      .nullable()
      .catch(null)
      .parse(inHand?.progress ?? null),
    problem: problemSchema.nullable().catch(null).parse(backup.problem),
    warningCount: backup.warningCount,
    lines: log.lines,
    hasEarlierLines: log.hasEarlier,
    isLogCut: log.isCut,
  }
}

function toPhase({ phase, state, startedAt, finishedAt }: BackupPhase) {
  return {
    phase: phaseSchema.parse(phase),
    state: phaseStateOf(state),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

function phaseStateOf(state: string): 'started' | 'finished' | 'skipped' {
  return state === 'finished' || state === 'skipped' ? state : 'started'
}
