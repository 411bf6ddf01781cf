import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findInstance } from './find-instance'

/**
 * Deletes an instance on which nothing hangs any more, with its revoked workers and unused enrolments.
 * Throws Problem `typed-name-differs`, or `instance-in-use`, which says what hangs on it.
 */
export async function deleteInstance(actor: Actor, slug: string, typedName: string): Promise<void> {
  if (typedName !== slug)
    throw new Problem({
      code: 'typed-name-differs',
      text: `Type the slug “${slug}” to confirm.`,
      where: 'typedName',
    })
  await db().$transaction(async (transaction) => {
    const { id, name } = await findInstance(slug, transaction)
    const burdens = await listBurdens(transaction, id)
    if (burdens.length)
      throw new Problem({
        code: 'instance-in-use',
        text: `The instance still has ${burdens.join(', ')}.`,
        action: 'Delete its plans and sources and revoke its workers first. An instance with backups is kept.',
      })
    await transaction.worker.deleteMany({ where: { instanceId: id } })
    await transaction.instance.delete({ where: { id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'instance.delete',
      subject: { kind: 'instance', id },
      instanceId: id,
      detail: { slug, name },
    })
  })
}

/** What keeps an instance from being deleted, in words; empty: nothing does. */
async function listBurdens(transaction: Transaction, instanceId: string): Promise<string[]> {
  const where = { instanceId }
  const counts: [number, string, string][] = [
    [await transaction.backup.count({ where }), 'backup', 'backups'],
    [await transaction.plan.count({ where }), 'plan', 'plans'],
    [await transaction.source.count({ where }), 'source', 'sources'],
    [await transaction.worker.count({ where: { ...where, state: { not: 'revoked' } } }), 'worker', 'workers'],
    [await transaction.restore.count({ where }), 'restore', 'restores'],
    [await transaction.prune.count({ where }), 'deletion run', 'deletion runs'],
  ]
  return counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`)
}
