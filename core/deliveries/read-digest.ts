import { channelRulesOf } from '@/core/channels/channel-rules-of'
import { listOverview } from '@/core/health/list-overview'
import { type Channel, db } from '@/lib/db'
import type { DigestContent } from './content'

type Period = { from: Date; until: Date }

const mostFindings = 3

/** How each instance of a channel stands, what its runs of the period became, and what is open. */
export async function readDigest(channel: Channel, { from, until }: Period, now: Date): Promise<DigestContent> {
  const { environments, instanceIds } = channelRulesOf(channel)
  const [{ instances }, ids, runs, open, closed] = await Promise.all([
    listOverview(now),
    db().instance.findMany({ select: { id: true, slug: true } }),
    countRuns({ from, until }),
    db().incident.findMany({ where: { closedAt: null }, orderBy: { openedAt: 'asc' }, include: { instances: true } }),
    db().incident.count({ where: { closedAt: { gte: from, lt: until } } }),
  ])
  const idOf = new Map(ids.map(({ id, slug }) => [slug, id]))
  const isChosen = (id: string) => instanceIds.length === 0 || instanceIds.includes(id)
  const chosen = instances.filter(
    ({ slug, environment }) =>
      isChosen(idOf.get(slug) ?? '') && (environments.length === 0 || environments.includes(environment)),
  )
  const chosenIds = new Set(chosen.map(({ slug }) => idOf.get(slug)))
  return {
    period: channel.digest === 'weekly' ? 'week' : 'day',
    ...{ from: from.toISOString(), until: until.toISOString(), closed },
    instances: chosen.map(({ slug, name, environment, state, health, plans }) => ({
      ...{ name, environment, state, ...(runs.get(idOf.get(slug) ?? '') ?? { good: 0, failed: 0, bytes: 0 }) },
      newestGoodAt: health.newestGood?.finishedAt.toISOString() ?? null,
      bytesOnRemotes: plans.reduce((sum, plan) => sum + plan.bytesOnRemote, 0),
      findings: health.findings
        .filter(({ isRisk }) => isRisk)
        .slice(0, mostFindings)
        .map(({ text }) => text),
    })),
    open: open
      .filter(
        (incident) =>
          incident.instances.length === 0 || incident.instances.some((one) => chosenIds.has(one.instanceId)),
      )
      .map(({ severity, title, openedAt }) => ({ severity, title, since: openedAt.toISOString() })),
  }
}

type Counts = { good: number; failed: number; bytes: number }

async function countRuns({ from, until }: Period): Promise<Map<string, Counts>> {
  const groups = await db().backup.groupBy({
    by: ['instanceId', 'state'],
    where: { finishedAt: { gte: from, lt: until }, kind: { not: 'safety' } },
    _count: true,
    _sum: { bytes: true },
  })
  const counts = new Map<string, Counts>()
  for (const { instanceId, state, _count, _sum } of groups) {
    const one = counts.get(instanceId) ?? { good: 0, failed: 0, bytes: 0 }
    const isGood = state === 'succeeded' || state === 'warning'
    if (isGood) one.good += _count
    if (isGood) one.bytes += Number(_sum.bytes ?? 0)
    if (state === 'failed' || state === 'lost') one.failed += _count
    counts.set(instanceId, one)
  }
  return counts
}
