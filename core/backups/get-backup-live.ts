import { type LogPosition, readRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
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
      progress: true,
      problem: true,
      warningCount: true,
      phases: { orderBy: { startedAt: 'asc' } },
    },
  })
  if (!backup)
    throw new Problem({ code: 'not-found', text: 'There is no such backup.', action: 'Go back to the list.' })
  const log = readRunLog({ name: 'backup', id }, after ? { after, limit: mostLines } : { limit: firstLines })
  return {
    state: backup.state,
    cancelRequested: backup.cancelRequestedAt !== null,
    startedAt: backup.startedAt?.toISOString() ?? null,
    finishedAt: backup.finishedAt?.toISOString() ?? null,
    phases: backup.phases.map(({ phase, state, startedAt, finishedAt }) => ({
      phase: phaseSchema.parse(phase),
      state: phaseStateOf(state),
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt?.toISOString() ?? null,
    })),
    progress: progressSchema.nullable().catch(null).parse(backup.progress),
    problem: problemSchema.nullable().catch(null).parse(backup.problem),
    warningCount: backup.warningCount,
    lines: log.lines,
    hasEarlierLines: log.hasEarlier,
    isLogCut: log.isCut,
  }
}

function phaseStateOf(state: string): 'started' | 'finished' | 'skipped' {
  return state === 'finished' || state === 'skipped' ? state : 'started'
}
