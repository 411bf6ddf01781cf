import { db, type Origin } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'
import { type Look, toFaults, toLook } from './list-remote-looks'

export type BackupLooks = {
  origin: Origin
  copies: {
    remote: { id: string; name: string }
    presence: 'present' | 'missing'
    faults: ProblemFacts[]
    /** a read-back of this backup that is under way */
    open: Look | null
    /** the last one that ended */
    last: Look | null
  }[]
}

/** How a backup fared when it was looked at, on each remote that holds it or should. Null for one that is not known. */
export async function listBackupLooks(backupId: string): Promise<BackupLooks | null> {
  const backup = await db().backup.findUnique({
    where: { id: backupId },
    select: {
      origin: true,
      copies: {
        where: { presence: { in: ['present', 'missing'] } },
        select: { presence: true, faults: true, remote: { select: { id: true, name: true } } },
      },
      inspections: { where: { kind: 'readBack' }, orderBy: { requestedAt: 'desc' }, take: 50 },
    },
  })
  if (!backup) return null
  return {
    origin: backup.origin,
    copies: backup.copies.map(({ remote, presence, faults }) => {
      const looks = backup.inspections.filter(({ remoteId }) => remoteId === remote.id).map(toLook)
      return {
        remote,
        presence: presence === 'missing' ? 'missing' : 'present',
        faults: toFaults(faults),
        open: looks.find(isOpen) ?? null,
        last: looks.find((look) => !isOpen(look)) ?? null,
      }
    }),
  }
}

function isOpen({ state }: Look): boolean {
  return state === 'queued' || state === 'running'
}
