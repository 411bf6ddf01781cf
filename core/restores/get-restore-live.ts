import { type LogPosition, readRunLog } from '@/core/workers/run-log'
import { db, type RunState } from '@/lib/db'
import { type Phase, progressSchema } from '@/protocol/events'
import { Problem, problemSchema } from '@/protocol/problem'
import { olderFileSchema } from './older-file'
import { phasesOf } from './phases-of'
import { storedTargetSchema } from './target'

/** Log lines that are sent at once: where none are known, and of what came since. */
const [firstLines, mostLines] = [300, 2000]

/** A restore as it stands at this moment, with the log lines after `after`. Throws Problem `not-found`. */
export async function getRestoreLive(id: string, after?: LogPosition) {
  const restore = await db().restore.findUnique({ where: { id }, include: { tasks: true } })
  if (!restore)
    throw new Problem({ code: 'not-found', text: 'There is no such restore.', action: 'Go back to the list.' })
  const task = restore.tasks[0]
  const isInPlace = task ? storedTargetSchema.parse(task.target).kind === 'inPlace' : false
  const olderFile = olderFileSchema.nullable().parse(restore.olderFile)
  const log = readRunLog({ name: 'restore', id }, after ? { after, limit: mostLines } : { limit: firstLines })
  return {
    state: restore.state,
    cancelRequested: restore.cancelRequestedAt !== null,
    startedAt: restore.startedAt?.toISOString() ?? null,
    finishedAt: restore.finishedAt?.toISOString() ?? null,
    phases: phasesUpTo(phasesOf({ isInPlace, olderFile }), task?.phase ?? null, restore),
    progress: progressSchema
      .nullable()
      .catch(null)
      .parse(task?.progress ?? null),
    problem: problemSchema.nullable().catch(null).parse(restore.problem),
    warningCount: 0,
    lines: log.lines,
    hasEarlierLines: log.hasEarlier,
    isLogCut: log.isCut,
  }
}

/** Of a restore only the phase in hand is recorded: those before it are done or had nothing to do, and all once it ended well. */
function phasesUpTo(
  order: readonly Phase[],
  current: string | null,
  { state, artifacts }: { state: RunState; artifacts: unknown },
) {
  const position = order.findIndex((phase) => phase === current)
  const endedWell = state === 'succeeded' || state === 'warning'
  return order.slice(0, endedWell ? order.length : position + 1).map((phase, index) => ({
    phase,
    state: stateOf(phase, endedWell || index < position, artifacts),
    startedAt: null,
    finishedAt: null,
  }))
}

/** How the artifacts of a phase begin. */
const artifactPrefixes: Partial<Record<Phase, string>> = { files: 'files', config: 'config', mongodb: 'mongo' }

/** A phase whose artifacts nobody chose has nothing to do; `artifacts` null: all are chosen. */
function stateOf(phase: Phase, isOver: boolean, artifacts: unknown) {
  const prefix = artifactPrefixes[phase]
  if (prefix && Array.isArray(artifacts) && !artifacts.some((name) => String(name).startsWith(prefix)))
    return 'skipped' as const
  return isOver ? ('finished' as const) : ('started' as const)
}
