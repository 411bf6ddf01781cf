import { toRemote } from '@/core/remotes/remote-spec'
import { toSource } from '@/core/sources/source-spec'
import { Prisma, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type BackupSpec, type Baseline, backupSpecSchema } from '@/protocol/specs'
import { isGood } from './good-backups'
import { readSummary } from './summary'

export const backupSpecInclude = {
  instance: true,
  worker: true,
  plan: { include: { sources: { include: { source: true } } } },
  copies: { include: { remote: true } },
} satisfies Prisma.BackupInclude

type BackupRow = Prisma.BackupGetPayload<{ include: typeof backupSpecInclude }>

/** What the worker is told, out of the rows as they are now. Throws Problem when something that it needs is gone. */
export async function buildBackupSpec(transaction: Transaction, backup: BackupRow): Promise<BackupSpec> {
  const { plan, worker, instance } = backup
  const copy = backup.copies[0]
  if (!plan || !worker || !copy || plan.sources.length === 0)
    throw new Problem({
      code: 'plan-gone',
      text: 'The plan of this backup, its sources or its remote were deleted before it began.',
    })
  return backupSpecSchema.parse({
    backupId: backup.id,
    attempt: backup.attempt,
    kind: backup.kind,
    instance: { id: instance.id, slug: instance.slug },
    worker: { id: worker.id, slug: worker.slug },
    plan: { id: plan.id, slug: plan.slug },
    plannedAt: backup.plannedAt?.toISOString() ?? null,
    sources: plan.sources.map(({ source }) => sourceOf(source, worker.id)),
    remote: toRemote(copy.remote),
    partBytes: Number(plan.partBytes),
    partCheck: plan.partCheck,
    zstdLevel: plan.zstdLevel,
    limits: limitsOf(plan),
    baseline: await baselineOf(transaction, plan.id),
    encryption: null,
  })
}

function sourceOf(source: Parameters<typeof toSource>[0] & { workerId: string; slug: string }, workerId: string) {
  if (source.workerId === workerId) return toSource(source)
  throw new Problem({
    code: 'source-moved',
    text: `The source “${source.slug}” was moved to another worker after this backup was requested.`,
    action: 'Start the backup again.',
    where: source.slug,
  })
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
