import { db } from '@/lib/db'

/** Since when an instance's status page has its link. Null while it is switched off. */
export async function getStatusLink(instanceId: string): Promise<{ createdAt: Date } | null> {
  return db().statusLink.findUnique({ where: { instanceId }, select: { createdAt: true } })
}
