import { accountOf } from '@/core/connections/account'
import { judgeInstance } from '@/core/health/judge'
import { readHealthFacts } from '@/core/health/read-facts'
import { isAlive } from '@/core/processes/beat'
import { dashboardVersion } from '@/core/workers/upgrade-rules'
import { db } from '@/lib/db'
import { writeGauges } from '@/lib/metrics'
import { gaugesOf, type MetricFacts } from './gauges'

/** All gauges in Prometheus's text format. Names of instances, plans, workers and channels are in it: it is for the token's holder alone. */
export async function readMetrics(now = new Date()): Promise<{ text: string; contentType: string }> {
  return writeGauges(gaugesOf(await readFacts(now)))
}

async function readFacts(now: Date): Promise<MetricFacts> {
  const [health, slugs, lives, workers, runs, connections, openIncidents, channels] = await Promise.all([
    readHealthFacts(),
    db().plan.findMany({ select: { id: true, slug: true } }),
    db().processLife.findMany(),
    readWorkers(),
    countRuns(),
    readConnections(),
    db().incident.findMany({ where: { closedAt: null }, select: { severity: true, kind: true } }),
    readChannels(),
  ])
  const slugOf = new Map(slugs.map(({ id, slug }) => [id, slug]))
  const life = (name: string) => lives.find((candidate) => candidate.name === name)
  const hearingSince = life('web')?.upSince ?? new Date(0)
  const control = life('control')
  const instances = health.map((facts) => ({
    ...{ slug: facts.slug, environment: facts.environment, health: judgeInstance(facts, hearingSince, now) },
    plans: facts.plans.map((plan) => ({ ...plan, slug: slugOf.get(plan.id) ?? plan.id })),
  }))
  const goodIds = instances.flatMap(({ plans }) => plans.flatMap(({ newestGood }) => newestGood?.id ?? []))
  return {
    ...{ version: dashboardVersion, now, instances, workers, runs, connections, openIncidents, channels },
    controlSeenAt: control?.lastSeenAt ?? null,
    watchedAt: life('watch')?.lastSeenAt ?? null,
    isControlAlive: control !== undefined && isAlive(control, now),
    isRedisAway: Boolean(control?.redisAwaySince),
    bytes: await readBytes(goodIds),
  }
}

async function readBytes(ids: string[]): Promise<Map<string, number>> {
  const rows = await db().backup.findMany({ where: { id: { in: ids } }, select: { id: true, bytes: true } })
  return new Map(rows.map(({ id, bytes }) => [id, Number(bytes)]))
}

async function readWorkers(): Promise<MetricFacts['workers']> {
  const rows = await db().worker.findMany({
    where: { state: 'active' },
    include: { instance: { select: { slug: true } } },
  })
  return rows.map(({ instance, slug, lastSeenAt, clockSkewSeconds, spoolFreeBytes, spoolTotalBytes }) => ({
    ...{ instance: instance.slug, slug, lastSeenAt, clockSkewSeconds },
    ...{ spoolFreeBytes: Number(spoolFreeBytes), spoolTotalBytes: Number(spoolTotalBytes) },
  }))
}

async function countRuns(): Promise<MetricFacts['runs']> {
  const states = ['queued', 'running'] as const
  const counted = await Promise.all(
    states.flatMap((state) => [
      db()
        .backup.count({ where: { state } })
        .then((count) => ({ name: 'backup', state, count })),
      db()
        .restore.count({ where: { state } })
        .then((count) => ({ name: 'restore', state, count })),
      db()
        .prune.count({ where: { state } })
        .then((count) => ({ name: 'prune', state, count })),
      db()
        .inspection.count({ where: { state } })
        .then((count) => ({ name: 'inspection', state, count })),
    ]),
  )
  return counted
}

async function readConnections(): Promise<MetricFacts['connections']> {
  const rows = await db().connection.findMany({ select: { slug: true, state: true, account: true, diesAt: true } })
  return rows.map(({ slug, state, account, diesAt }) => {
    const known = accountOf(account)
    const { usedBytes = null, quotaBytes = null } = known ?? {}
    return { slug, usedBytes, quotaBytes, diesAt, isWell: state === 'connected' }
  })
}

async function readChannels(): Promise<MetricFacts['channels']> {
  const rows = await db().channel.findMany({
    where: { paused: false },
    select: { name: true, failingSince: true, _count: { select: { deliveries: { where: { state: 'waiting' } } } } },
  })
  return rows.map(({ name, failingSince, _count }) => ({
    ...{ name, waiting: _count.deliveries, isFailing: failingSince !== null },
  }))
}
