import { db } from '@/lib/db'

/** Instances with an active worker, whose folder on any remote can be looked at. By name. */
export function listLookers(): Promise<{ id: string; slug: string; name: string }[]> {
  return db().instance.findMany({
    where: { workers: { some: { state: 'active' } } },
    orderBy: { name: 'asc' },
    select: { id: true, slug: true, name: true },
  })
}
