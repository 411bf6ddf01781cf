import { db, type RunState } from '@/lib/db'
import { Problem, type ProblemFacts, problemSchema } from '@/protocol/problem'
import { deletionInclude, deletionObstacle, isLastGoodSomewhere } from './deletion-rules'
import { isGood } from './good-backups'

export type BackupDeletion = {
  /** to be typed */
  name: string
  /** why it may not be deleted; null: it may */
  obstacle: ProblemFacts | null
  isLastGood: boolean
  /** when the good backup before it was finished; null: there is none to fall back on */
  goodBefore: Date | null
  /** the latest deletion that somebody asked for by hand, unless it is done */
  asked: { state: RunState; at: Date; problem: ProblemFacts | null } | null
}

/** What there is to say before a backup is deleted by hand; null where nothing of it lies on a remote. Throws Problem `not-found`. */
export async function getBackupDeletion(id: string, now = new Date()): Promise<BackupDeletion | null> {
  return db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id }, include: deletionInclude })
    if (!backup) throw new Problem({ code: 'not-found', text: 'There is no such backup.' })
    if (backup.copies.length === 0 || !backup.folder) return null
    const isLastGood = await isLastGoodSomewhere(transaction, backup)
    const { instanceId, planId, planSlug, sequence } = backup
    const before = await transaction.backup.findFirst({
      where: {
        ...{ instanceId, planId, planSlug, sequence: { lt: sequence } },
        ...isGood,
        copies: { some: { presence: 'present' } },
      },
      orderBy: { sequence: 'desc' },
      select: { finishedAt: true },
    })
    const item = await transaction.pruneItem.findFirst({
      where: { backupId: id, reason: 'requested', done: false },
      orderBy: { prune: { requestedAt: 'desc' } },
      include: { prune: true },
    })
    const readProblem = problemSchema.nullable().catch(null)
    return {
      name: backup.folder,
      obstacle: deletionObstacle(backup, isLastGood, now),
      isLastGood,
      goodBefore: before?.finishedAt ?? null,
      asked: item && {
        state: item.prune.state,
        at: item.prune.requestedAt,
        problem: readProblem.parse(item.problem) ?? readProblem.parse(item.prune.problem),
      },
    }
  })
}
