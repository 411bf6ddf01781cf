import { type Backup, db } from '@/lib/db'
import { type BackupChanges, type BackupMeasures, changesBetween } from './backup-changes'
import { isGood } from './good-backups'
import { readSummary } from './summary'

export type BackupComparison = {
  previous: { id: string; finishedAt: Date }
  changes: BackupChanges
}

/** A backup beside the good one of the same plan before it; null where it is not complete, or is the first. */
export async function getBackupComparison(id: string): Promise<BackupComparison | null> {
  const backup = await db().backup.findUnique({ where: { id } })
  if (!backup?.manifestSha256 || !backup.finishedAt) return null
  const { instanceId, planId, planSlug, sequence } = backup
  const previous = await db().backup.findFirst({
    where: { instanceId, planId, planSlug, sequence: { lt: sequence }, ...isGood },
    orderBy: { sequence: 'desc' },
  })
  if (!previous?.finishedAt) return null
  return {
    previous: { id: previous.id, finishedAt: previous.finishedAt },
    changes: changesBetween(measuresOf(previous), measuresOf(backup)),
  }
}

function measuresOf({ bytes, rawBytes, startedAt, finishedAt, warningCount, summary }: Backup): BackupMeasures {
  const readable = readSummary(summary)
  return {
    bytes: Number(bytes),
    rawBytes: Number(rawBytes),
    seconds: startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : null,
    warningCount,
    summary: readable === 'unreadable' ? null : readable,
  }
}
