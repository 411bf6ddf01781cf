import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { clocksDisagree } from '@/core/prunes/clocks-disagree'
import { insertPrune } from '@/core/prunes/insert-prune'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db, type Prisma, type Transaction, type Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { deletionInclude, deletionObstacle, isLastGoodSomewhere } from './deletion-rules'

const include = {
  ...deletionInclude,
  worker: true,
  pruneItems: { where: { prune: { state: { in: ['queued', 'running'] } } } },
} satisfies Prisma.BackupInclude
type Row = Prisma.BackupGetPayload<{ include: typeof include }>

/**
 * Asks for the deletion of one backup from all its remotes, because a person wants it: a deletion run of its own, looked at
 * again when its worker claims it (core/prunes/claim-prune.ts). `typedName` is the backup's folder; the last good backup of a
 * plan goes only with `lastGood`. Throws Problem `not-found`, `typed-name-differs`, `already-asked`, `last-good`,
 * `clocks-disagree`, `worker-not-active`, and what deletionObstacle names.
 */
export async function deleteBackup(
  actor: Actor,
  { backupId, typedName, lastGood }: { backupId: string; typedName: string; lastGood: boolean },
  now = new Date(),
): Promise<void> {
  const { prunes, worker } = await db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: backupId }, include })
    if (!backup) throw new Problem({ code: 'not-found', text: 'There is no such backup.' })
    if (!backup.folder || typedName !== backup.folder)
      throw new Problem({
        code: 'typed-name-differs',
        text: `Type “${backup.folder}” to confirm.`,
        where: 'typedName',
      })
    const isLast = await isLastGoodSomewhere(transaction, backup)
    const obstacle = deletionObstacle(backup, isLast, now)
    if (obstacle) throw new Problem(obstacle)
    if (backup.pruneItems.length > 0) throw alreadyAsked()
    if (isLast && !lastGood) throw lastGoodUnsaid()
    if (await clocksDisagree(transaction, backup.instanceId)) throw clocksDiffer()
    const worker = await workerFor(transaction, backup)
    const prunes = []
    for (const { remoteId } of backup.copies) {
      const place = { instanceId: backup.instanceId, workerId: worker.id, remoteId }
      prunes.push(await insertPrune(transaction, place, 'requested', [backupId], now, isLast))
    }
    await recordAuditEvent(transaction, {
      actor,
      action: 'backup.delete',
      subject: { kind: 'backup', id: backupId },
      instanceId: backup.instanceId,
      detail: { folder: backup.folder, lastGoodOfItsPlan: isLast },
    })
    return { prunes, worker }
  })
  for (const { id, attempt } of prunes) await enqueueRun(worker, 'prune', { id, attempt })
}

/** The one that made it, as its queue does one thing at a time; another of the instance when that one is revoked. */
async function workerFor(transaction: Transaction, { worker, instanceId }: Row): Promise<Worker> {
  if (worker?.state === 'active') return worker
  const other = await transaction.worker.findFirst({ where: { instanceId, state: 'active' } })
  if (other) return other
  throw new Problem({
    code: 'worker-not-active',
    text: 'The instance has no active worker that could delete this backup.',
    action: 'Enrol a worker first.',
  })
}

function alreadyAsked(): Problem {
  return new Problem({ code: 'already-asked', text: 'The deletion of this backup was asked for already.' })
}

function lastGoodUnsaid(): Problem {
  return new Problem({
    code: 'last-good',
    text: 'This is the last good backup of its plan.',
    action: 'Tick that it may go all the same, or make a new backup first.',
    where: 'lastGood',
  })
}

function clocksDiffer(): Problem {
  return new Problem({
    code: 'clocks-disagree',
    text: 'The clock of a worker of this instance and that of the dashboard are five minutes or more apart.',
    action: 'Set the clocks right (NTP). Nothing is deleted until they agree.',
  })
}
