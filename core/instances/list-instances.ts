import { db, type Environment } from '@/lib/db'

export type InstanceListItem = {
  slug: string
  name: string
  environment: Environment
  createdAt: Date
  workers: number
  sources: number
  plans: number
  backups: number
}

/** All instances by name; revoked workers are not counted. */
export async function listInstances(): Promise<InstanceListItem[]> {
  const rows = await db().instance.findMany({
    orderBy: { name: 'asc' },
    include: {
      _count: {
        select: { workers: { where: { state: { not: 'revoked' } } }, sources: true, plans: true, backups: true },
      },
    },
  })
  return rows.map(({ slug, name, environment, createdAt, _count }) => ({
    slug,
    name,
    environment,
    createdAt,
    ..._count,
  }))
}
