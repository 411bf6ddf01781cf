import { isGood } from '@/core/backups/good-backups'
import { db, type RunState } from '@/lib/db'
import { type Progress, progressSchema } from '@/protocol/events'
import { type ProblemFacts, problemSchema } from '@/protocol/problem'
import { listWantedCopies } from './list-wanted-copies'

export type CopyProspect = {
  remote: { id: string; name: string }
  /** under way, or waiting for its worker */
  open: { id: string; state: RunState; cancelRequested: boolean; progress: Progress | null } | null
  /** the last try that ended; null: there was none */
  last: { state: RunState; at: Date; problem: ProblemFacts | null } | null
  /** `later`: by itself; `givenUp`: only when a person asks for it; `never`: the plan does not want it there */
  next: { when: 'later'; notBefore: Date | null } | { when: 'givenUp'; tries: number } | { when: 'never' }
  /** a person may ask for it now */
  isAskable: boolean
}

/** What becomes of a backup on the further remotes of its plan that do not hold it whole. Empty where all do. */
export async function listBackupReplications(backupId: string, now = new Date()): Promise<CopyProspect[]> {
  const backup = await db().backup.findFirst({
    where: { id: backupId, ...isGood },
    include: {
      copies: true,
      plan: {
        include: {
          targets: { orderBy: { position: 'asc' }, include: { remote: { select: { id: true, name: true } } } },
        },
      },
      replications: { orderBy: { requestedAt: 'desc' } },
    },
  })
  if (!backup?.plan) return []
  const presenceOn = (remoteId: string) => backup.copies.find((copy) => copy.remoteId === remoteId)?.presence
  const lacking = backup.plan.targets.filter(({ remoteId }) => {
    const presence = presenceOn(remoteId)
    return presence !== 'present' && presence !== 'pruned'
  })
  if (lacking.length === 0) return []
  const wanted = await listWantedCopies(db(), backup.plan.id, now)
  return lacking.flatMap(({ remote }) => {
    const tries = backup.replications.filter(({ toRemoteId }) => toRemoteId === remote.id)
    const open = tries.find(({ state }) => state === 'queued' || state === 'running')
    const last = tries.find((one) => one !== open)
    const want = wanted.find((one) => one.backupId === backupId && one.remoteId === remote.id)
    const isElsewhere = backup.copies.some((copy) => copy.presence === 'present' && copy.remoteId !== remote.id)
    // the first remote of the plan, where it was made and is gone from, gets one only by a person's hand
    if (!open && !isElsewhere) return []
    return {
      remote,
      open: open
        ? {
            ...{ id: open.id, state: open.state, cancelRequested: open.cancelRequestedAt !== null },
            progress: progressSchema.nullable().catch(null).parse(open.progress),
          }
        : null,
      last: last
        ? {
            ...{ state: last.state, at: last.finishedAt ?? last.requestedAt },
            problem: problemSchema.nullable().catch(null).parse(last.problem),
          }
        : null,
      next: nextOf(want),
      isAskable: !open && isElsewhere,
    }
  })
}

function nextOf(want: { isGivenUp: boolean; failed: number; dueAt: Date | null } | undefined): CopyProspect['next'] {
  if (!want) return { when: 'never' }
  return want.isGivenUp ? { when: 'givenUp', tries: want.failed } : { when: 'later', notBefore: want.dueAt }
}
