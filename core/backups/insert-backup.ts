import { type Backup, type BackupKind, Prisma, type RunState, type Transaction, type Worker } from '@/lib/db'
import { Problem, type ProblemFacts } from '@/protocol/problem'

export const planInclude = {
  sources: { include: { source: { include: { worker: true } } } },
  targets: { orderBy: { position: 'asc' } },
} satisfies Prisma.PlanInclude

export type PlanWithParts = Prisma.PlanGetPayload<{ include: typeof planInclude }>

/** Who makes a backup, one after the other, and where. */
export type BackupMakers = { workers: [Worker, ...Worker[]]; remoteId: string }

/** Who runs a plan, those with a MongoDB first, and where to. Throws Problem `plan-incomplete`, `worker-not-active`. */
export function placeOfPlan(plan: PlanWithParts): BackupMakers {
  const [first, ...others] = workersInTurn(plan)
  const target = plan.targets[0]
  if (!first || !target)
    throw new Problem({
      code: 'plan-incomplete',
      text: `The plan “${plan.name}” has no ${first ? 'remote' : 'sources'}.`,
      action: 'Edit the plan.',
    })
  const absent = [first, ...others].find(({ state }) => state !== 'active')
  if (absent)
    throw new Problem({
      code: 'worker-not-active',
      text: `The worker “${absent.slug}” of the plan “${plan.name}” is ${absent.state}.`,
      action: absent.state === 'pending' ? 'Confirm the worker.' : 'Enrol a worker with the same slug again.',
      where: absent.slug,
    })
  return { workers: [first, ...others], remoteId: target.remoteId }
}

/** The databases' references are read before the files that they refer to: MongoDB, then trees, then configuration. */
const kindsInTurn = ['mongodb', 'tree', 'config']

function workersInTurn(plan: PlanWithParts): Worker[] {
  const sources = plan.sources
    .map(({ source }) => source)
    .toSorted(
      (a, b) => kindsInTurn.indexOf(a.kind) - kindsInTurn.indexOf(b.kind) || (a.worker.slug < b.worker.slug ? -1 : 1),
    )
  return [...new Map(sources.map(({ worker }) => [worker.id, worker])).values()]
}

export type NewBackup = {
  kind: BackupKind
  plannedAt: Date | null
  requestedById: string | null
  /** why a person asked for it */
  note?: string | null
  /** less than the plan's sources */
  sourceIds?: string[] | null
  state: Extract<RunState, 'queued' | 'skipped' | 'failed'>
  problem: ProblemFacts | null
  place: BackupMakers | null
}

/** Inserts the rows of a backup, of its copy, and of each worker's task, in the caller's transaction. */
export function insertBackup(
  transaction: Transaction,
  plan: { id: string; slug: string; instanceId: string },
  { kind, plannedAt, requestedById, note = null, sourceIds = null, state, problem, place }: NewBackup,
  now: Date,
): Promise<Backup> {
  return transaction.backup.create({
    data: {
      instanceId: plan.instanceId,
      planId: plan.id,
      planSlug: plan.slug,
      workerId: place?.workers[0].id ?? null,
      kind,
      plannedAt,
      requestedById,
      note,
      sourceIds: sourceIds ?? Prisma.DbNull,
      requestedAt: now,
      state,
      problem: problem ?? Prisma.DbNull,
      finishedAt: state === 'queued' ? null : now,
      ...(place ? { copies: { create: [{ remoteId: place.remoteId }] } } : {}),
      ...(place && state === 'queued' ? { tasks: { create: place.workers.map(toTask) } } : {}),
    },
  })
}

function toTask({ id }: Worker, index: number) {
  return { workerId: id, attempt: index + 1 }
}
