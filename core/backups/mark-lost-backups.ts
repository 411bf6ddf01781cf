import { releaseLock } from '@/core/locks/release-lock'
import { isSilent } from '@/core/processes/is-silent'
import { listeningSince } from '@/core/processes/listening-since'
import { db, type Transaction } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { log } from '@/lib/log'

/** Running backups of whose worker nothing was heard for too long become lost, and free their instance for the next run. */
export async function markLostBackups(now = new Date()): Promise<void> {
  const since = await listeningSince(now)
  const { lostAfterSeconds } = controlPlaneEnv()
  for (const { id } of await db().backup.findMany({ where: { state: 'running' }, select: { id: true } }))
    await db().$transaction(async (transaction) => {
      const backup = await transaction.backup.findUnique({ where: { id } })
      if (backup?.state !== 'running') return
      if (isSilent(backup.lastSeenAt ?? now, since, now, lostAfterSeconds)) await markLost(transaction, id, now)
    })
}

/** Runs in the caller's transaction. */
export async function markLost(transaction: Transaction, backupId: string, now: Date, text = silence): Promise<void> {
  const action =
    'Look whether the worker and its host run. When the worker is heard again, this backup goes on by itself.'
  await transaction.backup.update({
    where: { id: backupId },
    data: { state: 'lost', finishedAt: now, problem: { code: 'lost', text, action } },
  })
  await releaseLock(transaction, { kind: 'backup', id: backupId })
  log.warn({ backupId }, 'a backup is lost')
}

const silence = 'Nothing was heard of the worker that made this backup for a long time.'
