import { db } from '@/lib/db'

const keptMilliseconds = 90 * 86_400_000
const mostAtOnce = 500

/** Forgets the texts of warnings of backups that ended 90 days ago and lie nowhere any more; how many there were stays known. */
export async function forgetOldWarnings(now = new Date()): Promise<void> {
  for (;;) {
    const found = await db().backupWarning.findMany({
      where: {
        backup: {
          finishedAt: { lt: new Date(now.getTime() - keptMilliseconds) },
          copies: { none: { presence: { in: ['present', 'missing'] } } },
        },
      },
      distinct: ['backupId'],
      select: { backupId: true },
      take: mostAtOnce,
    })
    if (found.length === 0) return
    await db().backupWarning.deleteMany({ where: { backupId: { in: found.map(({ backupId }) => backupId) } } })
  }
}
