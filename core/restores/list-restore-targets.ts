import { isReachedDirectly } from '@/core/sources/reach'
import { db } from '@/lib/db'

export type RestoreTarget = {
  id: string
  slug: string
  hostName: string
  /** MongoDB sources of this worker, into whose server databases can be restored beside */
  mongodbSources: { id: string; slug: string }[]
}

/** The active workers of an instance, each with where it could restore MongoDB to. */
export async function listRestoreTargets(instanceSlug: string): Promise<RestoreTarget[]> {
  const workers = await db().worker.findMany({
    where: { instance: { slug: instanceSlug }, state: 'active' },
    orderBy: { slug: 'asc' },
    select: {
      id: true,
      slug: true,
      hostName: true,
      sources: {
        where: { kind: 'mongodb' },
        orderBy: { slug: 'asc' },
        select: { id: true, slug: true, settings: true },
      },
    },
  })
  return workers.map(({ sources, ...worker }) => ({
    ...worker,
    mongodbSources: sources.filter(isReachedDirectly).map(({ id, slug }) => ({ id, slug })),
  }))
}
