import { accountOf } from '@/core/connections/account'
import { db, type SourceKind } from '@/lib/db'

export type PlanChoices = {
  instances: {
    id: string
    slug: string
    name: string
    /** zone that a new plan begins with */
    timeZone: string | null
    /** by worker */
    sources: { id: string; slug: string; kind: SourceKind; paths: string[]; worker: string }[]
  }[]
  /** `freeBytes` of its account, where that is known */
  remotes: { id: string; name: string; freeBytes: number | null }[]
}

/** What the plan form offers: sources by instance, and remotes. Paths only, never a connection. */
export async function listChoices(): Promise<PlanChoices> {
  const [instances, remotes] = await Promise.all([
    db().instance.findMany({
      orderBy: { name: 'asc' },
      select: {
        id: true,
        slug: true,
        name: true,
        timeZone: true,
        sources: {
          orderBy: [{ worker: { slug: 'asc' } }, { kind: 'asc' }, { slug: 'asc' }],
          select: { id: true, slug: true, kind: true, settings: true, worker: { select: { slug: true } } },
        },
      },
    }),
    db().remote.findMany({
      orderBy: { name: 'asc' },
      select: { id: true, name: true, connection: { select: { account: true } } },
    }),
  ])
  return {
    remotes: remotes.map(({ id, name, connection }) => ({ id, name, freeBytes: freeOf(connection?.account ?? null) })),
    instances: instances.map((instance) => ({
      ...instance,
      sources: instance.sources.map(({ settings, worker, ...source }) => ({
        ...source,
        worker: worker.slug,
        paths: pathsOf(settings),
      })),
    })),
  }
}

function freeOf(account: unknown): number | null {
  const { quotaBytes = null, usedBytes = null } = accountOf(account) ?? {}
  return quotaBytes !== null && usedBytes !== null ? Math.max(0, quotaBytes - usedBytes) : null
}

/** `settings` is a tree's or configuration's shape of protocol/sources.ts; MongoDB has no paths. */
function pathsOf(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return []
  if ('path' in settings && typeof settings.path === 'string') return [settings.path]
  return 'paths' in settings && Array.isArray(settings.paths) ? settings.paths.map(String) : []
}
