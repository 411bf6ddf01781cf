import { z } from 'zod'
import { accountOf } from '@/core/connections/account'
import { isRemoteTrouble } from '@/core/health/judge'
import { readHealthFacts } from '@/core/health/read-facts'
import { isRedeemable } from '@/core/migrations/migration-state'
import { readRoomSamples } from '@/core/room/read-room-samples'
import { db } from '@/lib/db'
import { problemSchema } from '@/protocol/problem'
import type { WatchedConnection } from './connection-conditions'
import type { WatchFacts } from './derive-conditions'
import type { WatchedMigration } from './migration-conditions'
import type { WatchedPing } from './ping-conditions'
import type { WatchedInstance } from './plan-conditions'
import { readHeldDeletions } from './read-held-deletions'
import { noExtras, readPlanExtras } from './read-plan-extras'
import { readWatchedRefreshes, readWatchedRestores } from './read-watched-restores'
import type { RemoteFault } from './remote-conditions'
import type { WatchedSystem } from './system-conditions'
import type { WatchedWorker } from './worker-conditions'

/** All that incidents are derived from. `hearingSince` as of core/processes/listening-since.ts. */
export async function readWatchFacts(hearingSince: Date | null, now: Date): Promise<WatchFacts> {
  const health = await readHealthFacts()
  const [extras, held, workers, connections, restores, refreshes, migrations, pings, system, remotes, looks] =
    await Promise.all([
      readPlanExtras(health),
      readHeldDeletions(hearingSince, now),
      readWorkers(),
      readConnections(),
      readWatchedRestores(now),
      readWatchedRefreshes(now),
      readMigrations(now),
      readPings(),
      readSystem(),
      db().remote.findMany({ select: { id: true } }),
      readLookFaults(),
    ])
  const instances: WatchedInstance[] = health.map(({ id, slug, name, plans }) => ({
    ...{ id, slug, name },
    plans: plans.map((plan) => ({
      ...{ ...plan, ...(extras.get(plan.id) ?? noExtras(now)) },
      heldDeletions: held.get(plan.id) ?? [],
    })),
  }))
  const deletions = health.flatMap(({ id: instanceId, name, remoteTroubles }) =>
    remoteTroubles.map(({ remote, problem, at }) => ({
      ...{ remote, instanceId, problem, at, what: `deleting old backups of ${name}` },
    })),
  )
  return {
    ...{ instances, workers, connections, restores, refreshes, migrations, pings, system, hearingSince },
    remoteFaults: [...deletions, ...looks],
    remoteIds: remotes.map(({ id }) => id),
  }
}

async function readWorkers(): Promise<WatchedWorker[]> {
  const rows = await db().worker.findMany({
    select: {
      ...{ id: true, slug: true, state: true, lastSeenAt: true, version: true, protocol: true },
      ...{ clockSkewSeconds: true, clockSkewSince: true, refusedAt: true, refusedProtocol: true },
      ...{ spoolFreeBytes: true, spoolTotalBytes: true },
      instance: { select: { id: true, slug: true, name: true } },
      sources: { select: { plans: { select: { planId: true } } } },
    },
  })
  return rows.map(({ sources, spoolFreeBytes, spoolTotalBytes, ...worker }) => ({
    ...worker,
    spoolFreeBytes: Number(spoolFreeBytes),
    spoolTotalBytes: Number(spoolTotalBytes),
    planCount: new Set(sources.flatMap(({ plans }) => plans.map(({ planId }) => planId))).size,
  }))
}

const problemTextSchema = z.object({ text: z.string() }).nullable().catch(null)

async function readConnections(): Promise<WatchedConnection[]> {
  const samples = await readRoomSamples()
  const rows = await db().connection.findMany({
    select: {
      ...{ id: true, name: true, state: true, problem: true, diesAt: true, account: true },
      remotes: { select: { targets: { select: { plan: { select: { instanceId: true } } } } } },
    },
  })
  return rows.map(({ remotes, problem, account, ...connection }) => ({
    ...connection,
    quota: quotaOf(account),
    roomSamples: samples.get(connection.id) ?? [],
    problem: problemTextSchema.parse(problem)?.text ?? null,
    instanceIds: [...new Set(remotes.flatMap(({ targets }) => targets.map(({ plan }) => plan.instanceId)))].sort(),
  }))
}

function quotaOf(stored: unknown): WatchedConnection['quota'] {
  const account = accountOf(stored)
  if (!account || account.quotaBytes === null || account.usedBytes === null) return null
  return { usedBytes: account.usedBytes, totalBytes: account.quotaBytes }
}

async function readMigrations(now: Date): Promise<WatchedMigration[]> {
  const rows = await db().migration.findMany({
    select: {
      ...{ id: true, workerSlug: true, problem: true, revokedAt: true, expiresAt: true },
      ...{ instance: { select: { id: true, name: true } }, worker: { select: { state: true } } },
    },
  })
  return rows.map(({ id, instance, workerSlug, problem, worker, ...link }) => ({
    ...{ id, instance, workerSlug },
    problem:
      isRedeemable(link, now) && worker?.state !== 'revoked'
        ? problemSchema.nullable().catch(null).parse(problem)
        : null,
  }))
}

async function readPings(): Promise<WatchedPing[]> {
  const rows = await db().ping.findMany({
    select: {
      ...{ id: true, place: true, failingSince: true, answer: true },
      plan: { select: { id: true, name: true, instance: { select: { id: true, name: true } } } },
    },
  })
  return rows.map(({ plan, ...ping }) => ({
    ...ping,
    plan: plan && { id: plan.id, name: plan.name, instanceId: plan.instance.id, instanceName: plan.instance.name },
  }))
}

async function readSystem(): Promise<WatchedSystem> {
  const [lives, channels] = await Promise.all([
    db().processLife.findMany(),
    db().channel.findMany({
      where: { paused: false },
      select: {
        ...{ id: true, name: true, failingSince: true },
        deliveries: {
          where: { answer: { not: null } },
          orderBy: { attemptedAt: 'desc' },
          take: 1,
          select: { answer: true },
        },
      },
    }),
  ])
  const life = (name: string) => lives.find((candidate) => candidate.name === name)
  return {
    redisAwaySince: life('control')?.redisAwaySince ?? null,
    webSeenAt: life('web')?.lastSeenAt ?? null,
    channels: channels.map(({ deliveries, ...channel }) => ({ ...channel, answer: deliveries[0]?.answer ?? null })),
  }
}

/** Of each instance and remote the newest look, where it failed because of the remote. */
async function readLookFaults(): Promise<RemoteFault[]> {
  const newest = await db().inspection.groupBy({
    by: ['instanceId', 'remoteId'],
    where: { finishedAt: { not: null } },
    _max: { finishedAt: true },
  })
  const rows = await db().inspection.findMany({
    where: { state: 'failed', finishedAt: { in: newest.flatMap(({ _max }) => _max.finishedAt ?? []) } },
    select: {
      ...{ instanceId: true, problem: true, finishedAt: true },
      instance: { select: { name: true } },
      remote: { select: { id: true, name: true } },
    },
  })
  return rows.flatMap(({ instanceId, instance, remote, problem: stored, finishedAt }) => {
    const problem = problemSchema.nullable().catch(null).parse(stored)
    if (!problem || !finishedAt || !isRemoteTrouble(problem)) return []
    return [{ remote, instanceId, problem, at: finishedAt, what: `a look at the backups of ${instance.name}` }]
  })
}
