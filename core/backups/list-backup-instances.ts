import { db } from '@/lib/db'

/** The instances that backups can be filtered by, by name. */
export function listBackupInstances(): Promise<{ slug: string; name: string }[]> {
  return db().instance.findMany({ orderBy: { name: 'asc' }, select: { slug: true, name: true } })
}
