import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { findRemote } from './find-remote'

/**
 * Forgets a remote; nothing is deleted on it. Throws Problem `remote-in-use` while plans write to it, or backups or
 * leftovers lie on it: they would neither be restored nor cleaned up any more.
 */
export async function deleteRemote(actor: Actor, id: string): Promise<void> {
  await db().$transaction(async (transaction) => {
    const remote = await findRemote(transaction, id)
    await assertUnused(transaction, id)
    await transaction.copy.deleteMany({ where: { remoteId: id } })
    await transaction.prune.deleteMany({ where: { remoteId: id } })
    await transaction.remote.delete({ where: { id } })
    await recordAuditEvent(transaction, {
      actor,
      action: 'remote.delete',
      subject: { kind: 'remote', id },
      detail: { slug: remote.slug, backend: remote.backend, baseFolder: remote.baseFolder },
    })
  })
}

async function assertUnused(transaction: Transaction, remoteId: string): Promise<void> {
  const plans = await transaction.plan.findMany({
    where: { targets: { some: { remoteId } } },
    select: { name: true },
    take: 5,
  })
  if (plans.length > 0)
    throw inUse(
      `Plans write to this remote: ${plans.map((plan) => plan.name).join(', ')}.`,
      'Let them use another remote, or delete them first.',
    )
  const copies = await transaction.copy.count({
    where: { remoteId, presence: { in: ['present', 'missing', 'leftover'] } },
  })
  if (copies > 0)
    throw inUse(
      `${copies === 1 ? 'One backup lies' : `${copies} backups lie`} on this remote, or left something there. Without the remote nobody could restore or clean up.`,
      'Keep the remote until retention has removed them.',
    )
}

function inUse(text: string, action: string): Problem {
  return new Problem({ code: 'remote-in-use', text, action })
}
