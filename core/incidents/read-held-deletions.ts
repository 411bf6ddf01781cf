import { isGood } from '@/core/backups/good-backups'
import { groupBy } from '@/core/health/group-by'
import { disagreeingWorkers } from '@/core/prunes/clocks-disagree'
import { listWaitingRemovals } from '@/core/prunes/list-waiting-removals'
import { isSilent } from '@/core/workers/silence-rules'
import { db } from '@/lib/db'
import { type HeldDeletions, patienceDays } from './held-deletions'

const dayMilliseconds = 86_400_000

/**
 * By plan what has held its deletions for longer than is tolerable. What waits is counted only where something does: there are many
 * plans, and hardly ever one that is held.
 */
export async function readHeldDeletions(hearingSince: Date | null, now: Date): Promise<Map<string, HeldDeletions[]>> {
  const [causes, doubted] = await Promise.all([readCauses(hearingSince, now), readDoubted(now)])
  const held = await Promise.all(
    causes
      .filter(({ since }) => isLong(since, now))
      .map(async (cause) => ({ ...cause, count: await countWaiting(cause.planId, now) })),
  )
  const found = [...held.filter(({ count }) => count > 0), ...doubted]
  return groupBy(found, ({ planId }) => planId)
}

type OfPlan<Facts> = Facts & { planId: string }

function isLong(since: Date, now: Date): boolean {
  return now.getTime() - since.getTime() > patienceDays * dayMilliseconds
}

/** As core/prunes/plan-retention.ts sees it: the first active worker deletes, and none does while a clock disagrees. */
async function readCauses(hearingSince: Date | null, now: Date): Promise<OfPlan<Omit<HeldDeletions, 'count'>>[]> {
  const plans = await db().plan.findMany({
    where: { heldAt: null },
    select: {
      id: true,
      instanceId: true,
      sources: {
        select: {
          source: {
            select: {
              worker: { select: { slug: true, state: true, lastSeenAt: true, revokedAt: true, enrolledAt: true } },
            },
          },
        },
      },
    },
  })
  const clocks = await readClocks(plans.map(({ instanceId }) => instanceId))
  return plans.flatMap(({ id: planId, instanceId, sources }) => {
    const workers = sources.map(({ source }) => source.worker)
    const away = awayOf(workers, hearingSince, now)
    return [clocks.get(instanceId), away].flatMap((cause) => (cause ? [{ planId, ...cause }] : []))
  })
}

type Cause = Omit<HeldDeletions, 'count'>

async function readClocks(instanceIds: string[]): Promise<Map<string, Cause>> {
  const causes = new Map<string, Cause>()
  for (const instanceId of new Set(instanceIds)) {
    const workers = await disagreeingWorkers(db(), instanceId)
    const since = oldestOf(workers.map(({ clockSkewSince }) => clockSkewSince))
    if (since) causes.set(instanceId, { reason: 'clocks', since, workers: workers.map(({ slug }) => slug) })
  }
  return causes
}

type WorkerRow = {
  slug: string
  state: string
  lastSeenAt: Date | null
  revokedAt: Date | null
  enrolledAt: Date
}

/** What it did not say before we could hear it is our silence. */
function awayOf(workers: WorkerRow[], hearingSince: Date | null, now: Date): Cause | null {
  const active = workers.find(({ state }) => state === 'active')
  if (!active) {
    const times = workers.map(({ revokedAt, enrolledAt }) => (revokedAt ?? enrolledAt).getTime())
    if (times.length === 0) return null
    const names = [...new Set(workers.map(({ slug }) => slug))]
    return { reason: 'workerAway', since: new Date(Math.max(...times)), workers: names }
  }
  if (!hearingSince) return null
  const seenAt = active.lastSeenAt ?? active.enrolledAt
  const heardAt = seenAt > hearingSince ? seenAt : hearingSince
  return isSilent(heardAt, now) ? { reason: 'workerAway', since: seenAt, workers: [active.slug] } : null
}

async function countWaiting(planId: string, now: Date): Promise<number> {
  const removals = await listWaitingRemovals(planId, now)
  return removals.reduce((sum, { waiting, underWay }) => sum + waiting.length + underWay, 0)
}

/** Backups whose deletion ended without a word, so that the clean-up is to find out what they are (core/prunes/doubt-copies.ts). */
async function readDoubted(now: Date): Promise<OfPlan<HeldDeletions>[]> {
  const copies = await db().copy.findMany({
    where: { presence: 'leftover', backup: { ...isGood, planId: { not: null }, pruneItems: { some: asked } } },
    select: {
      remoteId: true,
      backup: {
        select: {
          planId: true,
          pruneItems: { where: asked, select: { prune: { select: { remoteId: true, finishedAt: true } } } },
        },
      },
    },
  })
  const doubts = copies.flatMap(({ remoteId, backup: { planId, pruneItems } }) => {
    const ends = pruneItems.flatMap(({ prune }) => (prune.remoteId === remoteId ? [prune.finishedAt] : []))
    const since = oldestOf(ends)
    return planId && since && isLong(since, now) ? [{ planId, since }] : []
  })
  return [...groupBy(doubts, ({ planId }) => planId)].map(([planId, ofPlan]) => ({
    ...{ planId, reason: 'doubted' as const, workers: [], count: ofPlan.length },
    since: oldestOf(ofPlan.map(({ since }) => since)) ?? now,
  }))
}

/** Not the clean-up's own tries. */
const asked = { reason: { not: 'leftover' } }

function oldestOf(times: (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null)
  return known.length > 0 ? new Date(Math.min(...known.map((time) => time.getTime()))) : null
}
