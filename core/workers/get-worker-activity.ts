import { olderFileSchema } from '@/core/restores/older-file'
import { db, type RunState } from '@/lib/db'
import { type ProblemFacts, problemSchema } from '@/protocol/problem'

export type WorkerRun = {
  kind: 'backup' | 'restore' | 'deletion' | 'copy'
  id: string
  /** the plan's slug, that of the backup that is restored or copied, the name of the older file that is restored, or the remote that is deleted from */
  subject: string
  /** where there is more to read; deletions have no page */
  href: string | null
  state: RunState
  startedAt: Date | null
  finishedAt: Date | null
  problem: ProblemFacts | null
}

export type WorkerActivity = {
  current: WorkerRun[]
  /** the latest runs that failed or were lost, newest first */
  failures: WorkerRun[]
}

const shownFailures = 5

/** What a worker has in hand, and what went wrong with it last. */
export async function getWorkerActivity(workerId: string): Promise<WorkerActivity> {
  const [current, failures] = await Promise.all([
    listRuns(workerId, ['running']),
    listRuns(workerId, ['failed', 'lost'], shownFailures),
  ])
  return { current, failures: failures.toSorted(newestFirst).slice(0, shownFailures) }
}

async function listRuns(workerId: string, states: RunState[], take = 20): Promise<WorkerRun[]> {
  const where = { workerId, state: { in: states } }
  const order = { orderBy: { startedAt: 'desc' as const }, take }
  const [backups, restores, prunes, copies] = await Promise.all([
    db().backupTask.findMany({ where, ...order, include: { backup: true } }),
    db().restoreTask.findMany({ where, ...order, include: { restore: { include: { backup: true } } } }),
    db().prune.findMany({ where, ...order, include: { remote: true } }),
    db().replication.findMany({ where, ...order, include: { backup: true } }),
  ])
  return [
    ...backups.map(({ backup, ...row }) =>
      toRun('backup', { ...row, problem: backup.problem }, backup.id, backup.planSlug),
    ),
    ...restores.map((row) =>
      toRun(
        'restore',
        row,
        row.restoreId,
        row.restore.backup?.planSlug ?? olderFileSchema.parse(row.restore.olderFile).name,
      ),
    ),
    ...prunes.map((row) => toRun('deletion', row, row.id, row.remote.name, null)),
    ...copies.map((row) => toRun('copy', row, row.id, row.backup.planSlug, `/backups/${row.backupId}`)),
  ]
}

type RunRow = { state: RunState; startedAt: Date | null; finishedAt: Date | null; problem: unknown }

function toRun(
  kind: WorkerRun['kind'],
  row: RunRow,
  id: string,
  subject: string,
  href: string | null = `/${kind}s/${id}`,
): WorkerRun {
  const { state, startedAt, finishedAt } = row
  const problem = problemSchema.safeParse(row.problem).data ?? null
  return { kind, id, subject, href, state, startedAt, finishedAt, problem }
}

function newestFirst(a: WorkerRun, b: WorkerRun): number {
  return (b.finishedAt?.getTime() ?? 0) - (a.finishedAt?.getTime() ?? 0)
}
