import { db } from '@/lib/db'

export type FilterChoices = { instances: { slug: string; name: string }[]; plans: string[] }

/** What backups can be filtered by: instances by name; slugs of plans, of the named instance where one is given. */
export async function listFilterChoices(instance?: string): Promise<FilterChoices> {
  const [instances, plans] = await Promise.all([
    db().instance.findMany({ orderBy: { name: 'asc' }, select: { slug: true, name: true } }),
    db().plan.findMany({
      where: instance ? { instance: { slug: instance } } : {},
      distinct: ['slug'],
      orderBy: { slug: 'asc' },
      select: { slug: true },
    }),
  ])
  return { instances, plans: plans.map(({ slug }) => slug) }
}
