/** What a signed-in person may do. Each right includes those before it. */
const rights = ['view', 'operate', 'administer'] as const
export type Right = (typeof rights)[number]
export type Role = 'viewer' | 'operator' | 'admin'

/**
 * `view`: see everything but secrets. `operate`: run and cancel backups, restore beside. `administer`: instances, sources,
 * remotes, plans, workers, users.
 */
const rightsOf: Record<Role, readonly Right[]> = {
  viewer: ['view'],
  operator: ['view', 'operate'],
  admin: ['view', 'operate', 'administer'],
}

export function hasRight(role: Role, right: Right): boolean {
  return rightsOf[role].includes(right)
}
