import { db } from '@/lib/db'

const keptLooks = 200

/**
 * Forgets the looks at an instance's folder on a remote but for the newest 200 that ended, and of each kind, and of each backup
 * that was read back, the newest that came to its end: that is what pages tell, and the next one is planned by.
 */
export async function forgetOldLooks(): Promise<void> {
  const places = await db().inspection.groupBy({
    by: ['instanceId', 'remoteId'],
    _count: true,
    having: { id: { _count: { gt: keptLooks } } },
  })
  for (const { instanceId, remoteId } of places) {
    const ended = await db().inspection.findMany({
      where: { instanceId, remoteId, finishedAt: { not: null } },
      orderBy: { requestedAt: 'desc' },
      select: { id: true, kind: true, backupId: true, state: true },
    })
    const told = new Set<string>()
    const old = ended.filter(({ kind, backupId, state }, index) => {
      const key = `${kind} ${backupId}`
      const isNewestOfItsKind = (state === 'succeeded' || state === 'warning') && !told.has(key)
      if (isNewestOfItsKind) told.add(key)
      return index >= keptLooks && !isNewestOfItsKind
    })
    await db().inspection.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } })
  }
}
