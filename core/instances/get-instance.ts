import { db, type Environment, type SourceKind, type WorkerState } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { findInstance } from './find-instance'

export type WorkerFacts = {
  id: string
  slug: string
  state: WorkerState
  fingerprint: string
  hostName: string
  version: string
  /** name → version, as the worker found them */
  tools: Record<string, string>
  /** protocol version that it spoke last */
  protocol: string
  spoolFreeBytes: bigint
  /** 0: not known */
  spoolTotalBytes: bigint
  clockSkewSeconds: number
  lastSeenAt: Date | null
  enrolledAt: Date
  confirmedAt: Date | null
}

export type SourceListItem = {
  id: string
  slug: string
  kind: SourceKind
  settings: unknown
  worker: { slug: string; state: WorkerState }
  plans: { id: string; name: string }[]
}

export type InstanceFacts = {
  id: string
  slug: string
  name: string
  environment: Environment
  timeZone: string | null
  ownerContact: string | null
  /** recovery goals */
  rpoHours: number | null
  rtoHours: number | null
  /** Markdown */
  notes: string | null
  createdAt: Date
  workers: WorkerFacts[]
  sources: SourceListItem[]
}

/** One instance with its workers (revoked ones left out) and sources. Throws Problem `instance-not-found`. */
export async function getInstance(slug: string): Promise<InstanceFacts> {
  const instance = await findInstance(slug)
  const [workers, sources] = await Promise.all([
    db().worker.findMany({
      where: { instanceId: instance.id, state: { not: 'revoked' } },
      orderBy: [{ state: 'asc' }, { slug: 'asc' }],
    }),
    db().source.findMany({
      where: { instanceId: instance.id },
      orderBy: [{ kind: 'asc' }, { slug: 'asc' }],
      select: {
        id: true,
        slug: true,
        kind: true,
        settings: true,
        worker: { select: { slug: true, state: true } },
        plans: { select: { plan: { select: { id: true, name: true } } } },
      },
    }),
  ])
  return {
    ...instance,
    workers: workers.map(({ keySha256, tools, ...worker }) => ({
      id: worker.id,
      slug: worker.slug,
      state: worker.state,
      fingerprint: fingerprintOf(keySha256),
      hostName: worker.hostName,
      version: worker.version,
      tools: namesToTexts(tools),
      protocol: worker.protocol,
      spoolFreeBytes: worker.spoolFreeBytes,
      spoolTotalBytes: worker.spoolTotalBytes,
      clockSkewSeconds: worker.clockSkewSeconds,
      lastSeenAt: worker.lastSeenAt,
      enrolledAt: worker.enrolledAt,
      confirmedAt: worker.confirmedAt,
    })),
    sources: sources.map(({ plans, ...source }) => ({ ...source, plans: plans.map(({ plan }) => plan) })),
  }
}

function namesToTexts(json: unknown): Record<string, string> {
  if (typeof json !== 'object' || json === null) return {}
  return Object.fromEntries(Object.entries(json).map(([name, text]) => [name, String(text)]))
}
