import { z } from 'zod'
import { partBytesFor } from '@/core/remotes/part-limit'
import { toRemote } from '@/core/remotes/remote-spec'
import { toSource } from '@/core/sources/source-spec'
import { Prisma, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type BackupSpec, type Baseline, backupSpecSchema } from '@/protocol/specs'
import { knowsShares } from '@/protocol/version'
import { isGood } from './good-backups'
import { readSummary } from './summary'
import { type TaskOfBackup, taskAfter } from './tasks'

const include = {
  instance: true,
  plan: { include: { sources: { include: { source: true } } } },
  copies: { include: { remote: true } },
} satisfies Prisma.BackupInclude

/** What the worker is told, out of the rows as they are now. Throws Problem when something that it needs is gone. */
export async function buildBackupSpec(transaction: Transaction, task: TaskOfBackup): Promise<BackupSpec> {
  const backup = await transaction.backup.findUniqueOrThrow({ where: { id: task.backupId }, include })
  const { plan, instance } = backup
  refuseOldWorkers(task)
  const copy = backup.copies[0]
  if (!plan || !copy || plan.sources.length === 0)
    throw new Problem({
      code: 'plan-gone',
      text: 'The plan of this backup, its sources or its remote were deleted before it began.',
    })
  const wanted = z.array(z.string()).nullable().parse(backup.sourceIds)
  return backupSpecSchema.parse({
    backupId: backup.id,
    attempt: task.attempt,
    kind: backup.kind,
    instance: { id: instance.id, slug: instance.slug },
    worker: { id: task.worker.id, slug: task.worker.slug },
    plan: { id: plan.id, slug: plan.slug },
    plannedAt: backup.plannedAt?.toISOString() ?? null,
    sources: sourcesOf(
      plan.sources.map(({ source }) => source).filter(({ id }) => wanted === null || wanted.includes(id)),
      task,
    ).map(toSource),
    remote: toRemote(copy.remote),
    partBytes: await partBytesFor(transaction, plan),
    partCheck: plan.partCheck,
    zstdLevel: plan.zstdLevel,
    limits: limitsOf(plan),
    // what was left out would count as gone
    baseline: wanted ? null : await baselineOf(transaction, plan.id),
    encryption: null,
    share: shareOf(task),
  })
}

/** One that does not know of shares would fill a folder that nobody knows of. Found out before the first one begins. */
function refuseOldWorkers({ backup }: TaskOfBackup): void {
  const old = backup.tasks.length > 1 ? backup.tasks.find(({ worker }) => !knowsShares(worker.protocol)) : undefined
  if (!old) return
  throw new Problem({
    code: 'worker-too-old',
    text: `Several workers make this backup, and “${old.worker.slug}” is too old for that.`,
    action: `Upgrade Talekeeper on its host, ${old.worker.hostName}, then start the backup again.`,
    where: old.worker.slug,
  })
}

/** The sources of this worker. Before the first worker begins, every source must lie on one that has a task. */
function sourcesOf<T extends { workerId: string; slug: string }>(
  sources: T[],
  { workerId, backup }: TaskOfBackup,
): T[] {
  const makers = new Set(backup.tasks.map((task) => task.workerId))
  const stray = backup.state === 'queued' ? sources.find((source) => !makers.has(source.workerId)) : undefined
  const own = sources.filter((source) => source.workerId === workerId)
  if (!stray && own.length > 0) return own
  throw new Problem({
    code: 'source-moved',
    text: stray
      ? `The source “${stray.slug}” lies on a worker that had no part in this backup when it was requested.`
      : 'The plan has no source on this worker any more.',
    action: 'Start the backup again.',
    ...(stray ? { where: stray.slug } : {}),
  })
}

function shareOf(task: TaskOfBackup) {
  const before = task.backup.tasks.filter(({ attempt }) => attempt < task.attempt)
  return {
    folder: before.length > 0 ? task.backup.folder : null,
    contributions: before.map(({ contribution }) => contribution),
    completes: !taskAfter(task),
  }
}

/** Limits of a plan in the spec's words; those of a plan that is gone are the defaults of a new one. */
export function limitsOf(
  plan: { durationLimitSeconds: number; stallLimitSeconds: number; bytesPerSecond: number | null } | null,
) {
  return {
    durationSeconds: plan?.durationLimitSeconds ?? 43_200,
    stallSeconds: plan?.stallLimitSeconds ?? 1800,
    bytesPerSecond: plan?.bytesPerSecond ?? null,
  }
}

async function baselineOf(transaction: Transaction, planId: string): Promise<Baseline | null> {
  const last = await transaction.backup.findFirst({
    where: { planId, ...isGood, summary: { not: Prisma.AnyNull } },
    orderBy: { sequence: 'desc' },
  })
  const summary = readSummary(last?.summary)
  if (!last || !summary || summary === 'unreadable') return null
  const { namespaces, trees, changedFiles } = summary
  return { backupId: last.id, namespaces, trees, changedFiles }
}
