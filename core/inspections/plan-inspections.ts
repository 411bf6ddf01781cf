import { control } from '@/core/audit/actor'
import { isGood } from '@/core/backups/good-backups'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, type InspectionKind, type Prisma, type Verification } from '@/lib/db'
import { log } from '@/lib/log'
import { Problem } from '@/protocol/problem'
import { isDue, lastSlot } from './due'
import { insertInspection } from './insert-inspection'

type Place = { instanceId: string; remoteId: string }
const dayMilliseconds = 86_400_000
const openStates = ['queued', 'running'] as const

/**
 * Asks for the looks that are due: daily at each instance's folder on each remote that holds backups of it, and as often as a plan
 * says at every byte of its newest good backup. One at a time per instance, and none while a backup waits or runs.
 */
export async function planInspections(now = new Date()): Promise<void> {
  for (const instance of await db().instance.findMany({ select: { id: true } })) {
    if (await isBusy(instance.id)) continue
    for (const look of [...(await dueListings(instance.id, now)), ...(await dueReadBacks(instance.id, now))])
      if (await begin(look, now)) break
  }
}

type Look = Place & { kind: InspectionKind; backupId?: string }

async function isBusy(instanceId: string): Promise<boolean> {
  const where = { instanceId, state: { in: [...openStates] } }
  return (await db().backup.findFirst({ where })) !== null || (await db().inspection.findFirst({ where })) !== null
}

/** False where nobody can look now. */
async function begin({ instanceId, remoteId, ...look }: Look, now: Date): Promise<boolean> {
  try {
    const place = { instanceId, remoteId }
    const inserted = await db().$transaction((transaction) => insertInspection(transaction, control, place, look, now))
    const { inspection, worker } = inserted
    await enqueueRun(worker, 'inspection', { id: inspection.id, attempt: inspection.attempt })
    return true
  } catch (error) {
    if (!(error instanceof Problem)) log.error({ err: error, instanceId, remoteId }, 'a look could not be planned')
    return false
  }
}

async function dueListings(instanceId: string, now: Date): Promise<Look[]> {
  const copies = await db().copy.groupBy({
    by: ['remoteId'],
    where: { backup: { instanceId, finishedAt: { not: null } }, presence: { in: ['present', 'missing'] } },
  })
  const due: Look[] = []
  for (const { remoteId } of copies) {
    const dueAt = lastSlot(instanceId, remoteId, now)
    const first = await db().backup.findFirst({
      where: { instanceId, finishedAt: { lt: dueAt }, copies: { some: { remoteId } } },
    })
    if (first && isDue({ dueAt, ...(await lastLooks({ instanceId, remoteId, kind: 'listing' })) }, now))
      due.push({ instanceId, remoteId, kind: 'listing' })
  }
  return due
}

async function dueReadBacks(instanceId: string, now: Date): Promise<Look[]> {
  const plans = await db().plan.findMany({
    where: { instanceId, readBackEveryDays: { not: null } },
    include: { targets: true },
  })
  const due: Look[] = []
  for (const { id: planId, readBackEveryDays, targets } of plans)
    for (const { remoteId } of targets) {
      const newest = await goodCopy(planId, remoteId, { backup: { sequence: 'desc' } })
      const oldest = await goodCopy(planId, remoteId, { backup: { sequence: 'asc' } })
      if (!newest || !oldest || !readBackEveryDays) continue
      const read = await goodCopy(planId, remoteId, { verifiedAt: 'desc' }, ['readBack', 'drilled'])
      const since = Math.max(oldest.finishedAt.getTime(), read?.verifiedAt.getTime() ?? 0)
      const dueAt = new Date(since + readBackEveryDays * dayMilliseconds)
      const look: Look = { instanceId, remoteId, kind: 'readBack', backupId: newest.backupId }
      if (isDue({ dueAt, ...(await lastLooks(look)) }, now)) due.push(look)
    }
  return due
}

/** The first of a plan's good copies on a remote, of those verified so far where that is given. */
async function goodCopy(
  planId: string,
  remoteId: string,
  orderBy: Prisma.CopyOrderByWithRelationInput,
  verifications?: Verification[],
) {
  const copy = await db().copy.findFirst({
    where: {
      ...{ remoteId, presence: 'present', backup: { planId, ...isGood } },
      ...(verifications ? { verification: { in: verifications } } : {}),
    },
    orderBy,
    select: { backupId: true, verifiedAt: true, backup: { select: { finishedAt: true } } },
  })
  if (!copy) return null
  const finishedAt = copy.backup.finishedAt ?? new Date(0)
  return { backupId: copy.backupId, finishedAt, verifiedAt: copy.verifiedAt ?? finishedAt }
}

/** When such a look last came to its end, and when one was last asked for. */
async function lastLooks(where: Look): Promise<{ doneAt: Date | null; triedAt: Date | null }> {
  const newest = { orderBy: { requestedAt: 'desc' } } as const
  const tried = await db().inspection.findFirst({ where, ...newest })
  const done = await db().inspection.findFirst({
    where: { ...where, state: { in: ['succeeded', 'warning'] } },
    ...newest,
  })
  return { doneAt: done?.finishedAt ?? null, triedAt: tried?.requestedAt ?? null }
}
