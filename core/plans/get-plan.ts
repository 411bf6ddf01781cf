import { db, type RunState, type SourceKind, type WorkerState } from '@/lib/db'
import { findPlan } from './find-plan'
import { type PlanFault, planFaults } from './plan-faults'
import { planSettings } from './plan-settings'
import { describeCron } from './schedule'
import type { PlanSettings } from './schema'
import { nextStarts, type PlannedStart } from './start-time'

export type PlanDetail = {
  id: string
  slug: string
  instance: { id: string; slug: string; name: string }
  words: string
  faults: PlanFault[]
  paused: boolean
  held: { reasons: string[]; at: Date } | null
  /** empty while paused */
  nextRuns: PlannedStart[]
  /** in the order of its targets: backups are made on the first */
  remotes: { id: string; name: string }[]
  sources: { id: string; slug: string; kind: SourceKind; worker: { slug: string; state: WorkerState } }[]
  version: number
  settings: PlanSettings
  /** the latest ten, newest first */
  backups: { id: string; state: RunState; at: Date; finishedAt: Date | null; bytes: number; warningCount: number }[]
  /** all that are on a remote now */
  backupsPresent: number
}

/** One plan as its page shows it. Throws Problem `not-found`. */
export async function getPlan(id: string): Promise<PlanDetail> {
  const plan = await findPlan(db(), id)
  const remoteIds = plan.targets.map(({ remoteId }) => remoteId)
  const [instance, sources, remotes, backups, backupsPresent] = await Promise.all([
    db().instance.findUniqueOrThrow({ where: { id: plan.instanceId }, select: { id: true, slug: true, name: true } }),
    db().source.findMany({
      where: { plans: { some: { planId: id } } },
      orderBy: [{ kind: 'asc' }, { slug: 'asc' }],
      select: { id: true, slug: true, kind: true, worker: { select: { slug: true, state: true } } },
    }),
    db().remote.findMany({ where: { id: { in: remoteIds } }, select: { id: true, name: true } }),
    latestBackups(id),
    db().backup.count({ where: { planId: id, copies: { some: { presence: 'present' } } } }),
  ])
  const settings = planSettings(plan)
  return {
    id,
    slug: plan.slug,
    instance,
    words: describeCron(plan.cron),
    faults: planFaults({ id, instance, workers: sources.map(({ worker }) => worker), hasRemote: remotes.length > 0 }),
    paused: plan.paused,
    held: plan.heldAt ? { reasons: (plan.heldReason ?? '').split('\n').filter(Boolean), at: plan.heldAt } : null,
    nextRuns: plan.paused ? [] : nextStarts({ id, ...settings }, new Date(), 10),
    remotes: remoteIds.flatMap((remoteId) => remotes.find((remote) => remote.id === remoteId) ?? []),
    sources,
    version: plan.version,
    settings,
    backups,
    backupsPresent,
  }
}

async function latestBackups(planId: string): Promise<PlanDetail['backups']> {
  const rows = await db().backup.findMany({
    where: { planId },
    orderBy: { sequence: 'desc' },
    take: 10,
    select: {
      id: true,
      state: true,
      requestedAt: true,
      startedAt: true,
      finishedAt: true,
      bytes: true,
      warningCount: true,
    },
  })
  return rows.map(({ requestedAt, startedAt, bytes, ...row }) => ({
    ...row,
    at: startedAt ?? requestedAt,
    bytes: Number(bytes),
  }))
}
