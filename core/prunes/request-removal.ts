import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import type { ListedBackup } from '@/core/backups/read-kept-backups'
import type { Prune, Transaction } from '@/lib/db'
import { insertPrune } from './insert-prune'

/** Inserts a removal that retention or a person chose among a plan's backups, and the audit event of it. */
export async function requestRemoval(
  transaction: Transaction,
  actor: Actor,
  plan: { id: string; slug: string },
  place: { instanceId: string; workerId: string; remoteId: string },
  backups: ListedBackup[],
  chosen: string[],
  now: Date,
): Promise<Prune> {
  const newest = Math.max(...backups.map(({ sequence }) => sequence))
  const prune = await insertPrune(transaction, place, 'retention', chosen, now, false, newest)
  await recordAuditEvent(transaction, {
    actor,
    action: 'plan.remove-backups',
    subject: { kind: 'plan', id: plan.id },
    instanceId: place.instanceId,
    detail: { slug: plan.slug, remoteId: place.remoteId, backupIds: chosen },
  })
  return prune
}
