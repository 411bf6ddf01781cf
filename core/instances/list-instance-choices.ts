import { db, type Environment } from '@/lib/db'

export type InstanceChoice = { id: string; name: string; environment: Environment }

/** For forms that choose among instances, by name. */
export function listInstanceChoices(): Promise<InstanceChoice[]> {
  return db().instance.findMany({ orderBy: { name: 'asc' }, select: { id: true, name: true, environment: true } })
}
