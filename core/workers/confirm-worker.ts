import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { type AuditFacts, recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, type Transaction, type Worker } from '@/lib/db'
import { idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { fingerprintOf } from '@/protocol/worker-api'
import type { WorkerWithInstance } from './describe-self'

export const confirmWorkerSchema = z.object({ workerId: idSchema, fingerprint: z.string().max(100) })

/**
 * Makes a pending worker active. `fingerprint` is the one the administrator was shown, so that a worker that took its place
 * meanwhile is not confirmed unseen. Control makes its Redis user within seconds.
 * Throws Problem `not-pending`, `fingerprint-changed`.
 */
export async function confirmWorker(
  actor: Actor,
  input: z.infer<typeof confirmWorkerSchema>,
  now = new Date(),
): Promise<void> {
  const { workerId, fingerprint } = confirmWorkerSchema.parse(input)
  await db().$transaction(async (transaction) => {
    const worker = await transaction.worker.findUnique({ where: { id: workerId } })
    if (worker?.state !== 'pending')
      throw new Problem({ code: 'not-pending', text: 'This worker does not wait for confirmation.' })
    if (fingerprintOf(worker.keySha256) !== fingerprint)
      throw new Problem({
        code: 'fingerprint-changed',
        text: 'The worker has another fingerprint than the one that was shown.',
        action: 'Reload the page and compare the fingerprint with the one on the host again.',
      })
    await activateWorker(transaction, actor, worker, now)
  })
}

/** Makes a pending worker active; `detail` says more of why. Runs in the caller's transaction. */
export async function activateWorker(
  transaction: Transaction,
  actor: Actor,
  { id, instanceId, slug, keySha256 }: Worker,
  now: Date,
  detail: AuditFacts['detail'] = {},
): Promise<WorkerWithInstance> {
  await recordAuditEvent(transaction, {
    actor,
    action: 'worker.confirm',
    subject: { kind: 'worker', id },
    instanceId,
    detail: { slug, fingerprint: fingerprintOf(keySha256), ...detail },
  })
  return transaction.worker.update({
    where: { id },
    data: { state: 'active', confirmedAt: now },
    include: { instance: true },
  })
}
