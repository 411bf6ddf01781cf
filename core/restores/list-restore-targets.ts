import { isReachedDirectly } from '@/core/sources/reach'
import { isSilent } from '@/core/workers/silence-rules'
import { db } from '@/lib/db'
import type { Environment } from '@/protocol/names'

export type RestoreTarget = {
  id: string
  slug: string
  hostName: string
  instance: { id: string; slug: string; name: string; environment: Environment }
  isSilent: boolean
  /** version of the protocol that it speaks */
  protocol: string
  /** MongoDB sources of this worker, into whose server databases can be restored beside */
  mongodbSources: { id: string; slug: string }[]
}

/** The active workers, those of this instance first, each with where it could restore MongoDB to. */
export async function listRestoreTargets(instanceId: string, now = new Date()): Promise<RestoreTarget[]> {
  const workers = await db().worker.findMany({
    where: { state: 'active' },
    orderBy: [{ instance: { slug: 'asc' } }, { slug: 'asc' }],
    select: {
      ...{ id: true, slug: true, hostName: true, lastSeenAt: true, protocol: true },
      instance: { select: { id: true, slug: true, name: true, environment: true } },
      sources: {
        where: { kind: 'mongodb' },
        orderBy: { slug: 'asc' },
        select: { id: true, slug: true, settings: true },
      },
    },
  })
  const targets = workers.map(({ sources, lastSeenAt, ...worker }) => ({
    ...worker,
    isSilent: lastSeenAt === null || isSilent(lastSeenAt, now),
    mongodbSources: sources.filter(isReachedDirectly).map(({ id, slug }) => ({ id, slug })),
  }))
  const isHome = (target: RestoreTarget) => target.instance.id === instanceId
  return [...targets.filter(isHome), ...targets.filter((target) => !isHome(target))]
}
