import { type FixUpLine, fixUpLines } from '@/core/fix-up-profiles/fix-up-lines'
import { storedFixUpsSchema } from '@/core/fix-up-profiles/stored-fix-ups'
import { db, type Prisma, type RunState } from '@/lib/db'
import { type Comparison, comparisonSchema, type Exchange, exchangeSchema } from '@/protocol/events'
import { type FixUpResult, fixUpResultSchema } from '@/protocol/fix-ups'
import type { Environment } from '@/protocol/names'
import { Problem, type ProblemFacts, problemSchema } from '@/protocol/problem'
import { type Reconciliation, reconciliationSchema } from '@/protocol/reconciliation'
import { selectionSchema } from '@/protocol/selection'
import { type OlderFile, olderFileSchema } from './older-file'
import { type StoredCheck, storedCheckSchema } from './stored-check'
import { placeInWords, storedTargetSchema } from './target'
import { wordsOf } from './what-words'

export type RestoreDetail = {
  id: string
  instance: { slug: string; name: string; environment: Environment }
  /** null: of a file of the older scripts */
  backup: {
    id: string
    planSlug: string
    startedAt: Date | null
    requestedAt: Date
    folder: string | null
    manifestSha256: string | null
    /** it may be restored into another one */
    instance: { slug: string; name: string }
  } | null
  olderFile: OlderFile | null
  remote: { id: string; name: string } | null
  requestedBy: string | null
  state: RunState
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  cancelRequestedAt: Date | null
  /** no backup of the instance begins, and no other restore in place */
  holdsInstance: boolean
  /** of which it is a run, or by which it is repeated; null: none */
  refreshId: string | null
  reason: string | null
  /** in words: `everything`, names of artifacts, databases, paths */
  what: string[]
  /** what its worker said before it was confirmed; null: nobody asked */
  check: StoredCheck | null
  /** what of Girder's database was to be changed; null: nothing */
  fixUps: FixUpLine[] | null
  problem: ProblemFacts | null
  tasks: RestoreTaskDetail[]
}

export type RestoreTaskDetail = {
  id: string
  worker: { slug: string; hostName: string }
  state: RunState
  folder: string
  /** put before each database's name; null where no MongoDB is restored */
  databasePrefix: string | null
  startedAt: Date | null
  finishedAt: Date | null
  problem: ProblemFacts | null
  /** what was read from the remote; null: not reported */
  fetched: { files: number; bytes: number } | null
  comparison: Comparison | null
  /** what was changed of Girder's database; null: not reported */
  fixUps: FixUpResult[] | null
  /** how the restored database and files fit together; null: not looked at */
  reconciliation: Reconciliation | null
  /** null: beside */
  inPlace: {
    writers: 'stopped' | 'command'
    safetyBackupId: string | null
    exchange: Exchange | null
    /** what was asked for at last */
    end: 'undo' | 'drop' | null
    /** when what is kept beside is removed by itself; null: only by hand */
    dropAt: Date | null
  } | null
  /** removal of the scratch place; null: not asked for */
  discard: { state: RunState; problem: ProblemFacts | null } | null
}

type TaskRow = Prisma.RestoreTaskGetPayload<{ include: { worker: { select: { slug: true; hostName: true } } } }>

/** One restore as its page shows it. Throws Problem `not-found`. */
export async function getRestore(id: string): Promise<RestoreDetail> {
  const row = await db().restore.findUnique({
    where: { id },
    include: {
      instance: { select: { slug: true, name: true, environment: true } },
      backup: {
        select: {
          ...{ id: true, planSlug: true, startedAt: true, requestedAt: true, folder: true, manifestSha256: true },
          instance: { select: { slug: true, name: true } },
        },
      },
      tasks: { include: { worker: { select: { slug: true, hostName: true } } } },
    },
  })
  if (!row) throw new Problem({ code: 'not-found', text: 'There is no such restore.', action: 'Go back to the list.' })
  const [remote, locks, requestedBy] = await Promise.all([
    db().remote.findUnique({ where: { id: row.remoteId }, select: { id: true, name: true } }),
    db().lock.count({ where: { ownerKind: 'restore', ownerId: id } }),
    row.requestedById ? db().user.findUnique({ where: { id: row.requestedById }, select: { name: true } }) : null,
  ])
  return {
    id: row.id,
    instance: row.instance,
    backup: row.backup,
    olderFile: olderFileSchema.nullable().parse(row.olderFile),
    remote,
    requestedBy: requestedBy?.name ?? null,
    state: row.state,
    requestedAt: row.requestedAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    ...{ cancelRequestedAt: row.cancelRequestedAt, holdsInstance: locks > 0, refreshId: row.refreshId },
    reason: row.reason,
    what: wordsOf({
      artifacts: Array.isArray(row.artifacts) ? row.artifacts.map(String) : null,
      selection: selectionSchema.nullable().parse(row.selection),
    }),
    check: storedCheckSchema.nullable().catch(null).parse(row.check),
    fixUps: row.fixUps === null ? null : fixUpLines(storedFixUpsSchema.parse(row.fixUps)),
    problem: problemSchema.nullable().parse(row.problem),
    tasks: row.tasks.map(toTask),
  }
}

function toTask(task: TaskRow): RestoreTaskDetail {
  const target = storedTargetSchema.parse(task.target)
  return {
    id: task.id,
    worker: task.worker,
    state: task.state,
    folder: placeInWords(target, task.restoreId),
    databasePrefix: target.kind === 'scratch' ? (target.mongodb?.databasePrefix ?? null) : null,
    inPlace:
      target.kind === 'inPlace'
        ? {
            ...{ writers: target.writers, safetyBackupId: target.safetyBackupId, end: target.end },
            ...{ exchange: exchangeSchema.nullable().parse(task.exchange), dropAt: task.dropAt },
          }
        : null,
    startedAt: task.startedAt,
    finishedAt: task.finishedAt,
    problem: problemSchema.nullable().parse(task.problem),
    fetched: task.fetchedBytes === null ? null : { files: task.fetchedFiles ?? 0, bytes: Number(task.fetchedBytes) },
    comparison: comparisonSchema.nullable().parse(task.comparison),
    reconciliation: reconciliationSchema.nullable().parse(task.reconciliation),
    fixUps: fixUpResultSchema.array().nullable().parse(task.fixUpResults),
    discard: task.discardState && {
      state: task.discardState,
      problem: problemSchema.nullable().parse(task.discardProblem),
    },
  }
}
