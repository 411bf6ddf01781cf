import { type Backup, type BackupKind, Prisma, type RunState, type Transaction, type Worker } from '@/lib/db'
import { Problem, type ProblemFacts } from '@/protocol/problem'

export const planInclude = {
  sources: { include: { source: { include: { worker: true } } } },
  targets: { orderBy: { position: 'asc' } },
} satisfies Prisma.PlanInclude

export type PlanWithParts = Prisma.PlanGetPayload<{ include: typeof planInclude }>

/** Who runs a plan, and where to. Throws Problem `plan-incomplete`, `several-workers`, `worker-not-active`. */
export function placeOfPlan(plan: PlanWithParts): { worker: Worker; remoteId: string } {
  const [first, ...others] = plan.sources.map(({ source }) => source.worker)
  const target = plan.targets[0]
  if (!first || !target)
    throw new Problem({
      code: 'plan-incomplete',
      text: `The plan “${plan.name}” has no ${first ? 'remote' : 'sources'}.`,
      action: 'Edit the plan.',
    })
  if (others.some((worker) => worker.id !== first.id))
    throw new Problem({
      code: 'several-workers',
      text: `The sources of the plan “${plan.name}” are on several workers.`,
      action: 'Make one plan for each worker.',
    })
  if (first.state !== 'active')
    throw new Problem({
      code: 'worker-not-active',
      text: `The worker “${first.slug}” of the plan “${plan.name}” is ${first.state}.`,
      action: first.state === 'pending' ? 'Confirm the worker.' : 'Enrol a worker with the same slug again.',
      where: first.slug,
    })
  return { worker: first, remoteId: target.remoteId }
}

export type NewBackup = {
  kind: BackupKind
  plannedAt: Date | null
  requestedById: string | null
  state: Extract<RunState, 'queued' | 'skipped' | 'failed'>
  problem: ProblemFacts | null
  place: { worker: Worker; remoteId: string } | null
}

/** Inserts the row of a backup and of its copy, in the caller's transaction. */
export function insertBackup(
  transaction: Transaction,
  plan: { id: string; slug: string; instanceId: string },
  { kind, plannedAt, requestedById, state, problem, place }: NewBackup,
  now: Date,
): Promise<Backup> {
  return transaction.backup.create({
    data: {
      instanceId: plan.instanceId,
      planId: plan.id,
      planSlug: plan.slug,
      workerId: place?.worker.id ?? null,
      kind,
      plannedAt,
      requestedById,
      requestedAt: now,
      state,
      problem: problem ?? Prisma.DbNull,
      finishedAt: state === 'queued' ? null : now,
      ...(place ? { copies: { create: [{ remoteId: place.remoteId }] } } : {}),
    },
  })
}
