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
  /** of its first target; null when it has none */
  remote: { id: string; name: string } | null
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
  const [instance, sources, remote, backups, backupsPresent] = await Promise.all([
    db().instance.findUniqueOrThrow({ where: { id: plan.instanceId }, select: { id: true, slug: true, name: true } }),
    db().source.findMany({
      where: { plans: { some: { planId: id } } },
      orderBy: [{ kind: 'asc' }, { slug: 'asc' }],
      select: { id: true, slug: true, kind: true, worker: { select: { slug: true, state: true } } },
    }),
    db().remote.findUnique({ where: { id: plan.targets[0]?.remoteId ?? '' }, select: { id: true, name: true } }),
    latestBackups(id),
    db().backup.count({ where: { planId: id, copies: { some: { presence: 'present' } } } }),
  ])
  const settings = planSettings(plan)
  return {
    id,
    slug: plan.slug,
    instance,
    words: describeCron(plan.cron),
    faults: planFaults({ id, instance, workers: sources.map(({ worker }) => worker), hasRemote: remote !== null }),
    paused: plan.paused,
    held: plan.heldAt ? { reasons: (plan.heldReason ?? '').split('\n').filter(Boolean), at: plan.heldAt } : null,
    nextRuns: plan.paused ? [] : nextStarts({ id, ...settings }, new Date(), 10),
    remote,
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
