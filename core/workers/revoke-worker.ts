import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { endBackup } from '@/core/backups/end-backup'
import { markLost } from '@/core/backups/mark-lost-backups'
import { findTask, namingWorker } from '@/core/backups/tasks'
import { replaceAccessOf } from '@/core/connections/replace-access-of'
import { settleRestore } from '@/core/restores/settle-restore'
import { doubtCopies } from '@/core/prunes/doubt-copies'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'

const problem = { code: 'worker-revoked', text: 'The worker was revoked.' }

/**
 * Takes a worker's key from it: every later request of it is refused, and control removes its Redis user within seconds. What
 * waited for it is cancelled, what it had in hand is lost, and access tokens of connections that it may hold are replaced. Throws Problem `unknown-worker`.
 */
export async function revokeWorker(actor: Actor, workerId: string, now = new Date()): Promise<void> {
  await db().$transaction(async (transaction) => {
    const worker = await transaction.worker.findUnique({ where: { id: workerId } })
    if (!worker) throw new Problem({ code: 'unknown-worker', text: 'There is no such worker.' })
    if (worker.state === 'revoked') return
    await transaction.worker.update({ where: { id: workerId }, data: { state: 'revoked', revokedAt: now } })
    await endBackups(transaction, workerId, now)
    await endRestores(transaction, workerId, now)
    await endOthers(transaction, workerId, now)
    await replaceAccessOf(transaction, workerId)
    await recordAuditEvent(transaction, {
      actor,
      action: 'worker.revoke',
      subject: { kind: 'worker', id: workerId },
      instanceId: worker.instanceId,
      detail: { slug: worker.slug },
    })
  })
}

async function endBackups(transaction: Transaction, workerId: string, now: Date): Promise<void> {
  const open = await transaction.backupTask.findMany({
    where: { workerId, state: { in: ['queued', 'running'] }, backup: { state: { in: ['queued', 'running'] } } },
  })
  for (const { backupId, attempt } of open) {
    const task = await findTask(transaction, { id: workerId }, { id: backupId, attempt })
    if (task?.state === 'running')
      await markLost(transaction, task, now, 'The worker that made this backup was revoked.')
    if (task?.state === 'queued')
      await endBackup(transaction, task, { state: 'cancelled', problem: namingWorker(problem, task) }, now)
  }
}

async function endRestores(transaction: Transaction, workerId: string, now: Date): Promise<void> {
  const open = await transaction.restoreTask.findMany({ where: { workerId, state: { in: ['queued', 'running'] } } })
  for (const task of open) {
    const state = task.state === 'queued' ? ('cancelled' as const) : ('lost' as const)
    await settleRestore(transaction, task, { state, problem }, now)
  }
  const end = (discardState: 'queued' | 'running', as: 'failed' | 'lost') =>
    transaction.restoreTask.updateMany({
      where: { workerId, discardState },
      data: { discardState: as, discardProblem: problem },
    })
  await end('queued', 'failed')
  await end('running', 'lost')
}

async function endOthers(transaction: Transaction, workerId: string, now: Date): Promise<void> {
  const deletions = await transaction.prune.findMany({ where: { workerId, state: 'running' } })
  for (const deletion of deletions) await doubtCopies(transaction, deletion)
  await transaction.prune.updateMany({
    where: { workerId, state: { in: ['queued', 'running'] } },
    data: { state: 'failed', finishedAt: now, problem },
  })
  await transaction.inspection.updateMany({
    where: { workerId, state: { in: ['queued', 'running'] } },
    data: { state: 'failed', finishedAt: now, problem },
  })
  await transaction.replication.updateMany({
    where: { workerId, state: { in: ['queued', 'running'] } },
    data: { state: 'failed', finishedAt: now, problem },
  })
  await transaction.ask.updateMany({
    where: { workerId, state: { in: ['queued', 'running'] } },
    data: { state: 'failed', answeredAt: now, problem, spec: '' },
  })
}
