import { type PlanWithParts, planInclude } from '@/core/backups/insert-backup'
import type { Backup, Source, Transaction, Worker } from '@/lib/db'
import { concernedSources } from './concerned-sources'
import type { RestoreRequest } from './request-restore'

type Request = Pick<RestoreRequest, 'artifacts' | 'selection' | 'mongodbSourceId'>
export type SafetyPlan = { plan: PlanWithParts; sources: Source[] }

/**
 * By which plan a safety backup is made, and of which of its sources: the plan of the backup, or in another instance one that holds
 * all kinds of things that are replaced there; one that uses the remote before one that does not. Null: there is none.
 */
export async function findSafetyPlan(
  transaction: Transaction,
  request: Request,
  place: { worker: Pick<Worker, 'id' | 'instanceId'>; backup: Backup; remoteId: string },
): Promise<SafetyPlan | null> {
  const { worker, backup, remoteId } = place
  const isOther = worker.instanceId !== backup.instanceId
  const artifacts = await transaction.artifact.findMany({ where: { backupId: backup.id } })
  const plans = await transaction.plan.findMany({
    where: isOther ? { instanceId: worker.instanceId } : { id: backup.planId ?? '' },
    include: planInclude,
    orderBy: { slug: 'asc' },
  })
  const candidates = plans
    .map((plan) => {
      const all = plan.sources.map(({ source }) => source)
      return { plan, sources: concernedSources(all, request, { workerId: worker.id, artifacts }) }
    })
    .filter(({ sources }) => !isOther || holdsAll(sources, request, { workerId: worker.id, artifacts }))
  return candidates.find(({ plan }) => usesRemote(plan, remoteId)) ?? candidates[0] ?? null
}

export function usesRemote(plan: Pick<PlanWithParts, 'targets'>, remoteId: string): boolean {
  return plan.targets.some((target) => target.remoteId === remoteId)
}

const kindsOfSources = { mongodb: 'mongodb', files: 'tree', config: 'config' } as const

function holdsAll(
  sources: Source[],
  { artifacts: named, mongodbSourceId }: Request,
  { workerId, artifacts }: { workerId: string; artifacts: { name: string; kind: string }[] },
): boolean {
  const own = sources.filter((source) => source.workerId === workerId)
  if (own.length === 0 || (mongodbSourceId !== null && !own.some(({ id }) => id === mongodbSourceId))) return false
  const replaced = artifacts.filter(({ name, kind }) => named?.includes(name) ?? kind === 'files')
  return (['files', 'config'] as const).every(
    (wanted) =>
      !replaced.some(({ kind }) => kind === wanted) || own.some(({ kind }) => kind === kindsOfSources[wanted]),
  )
}
