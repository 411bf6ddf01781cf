import { sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { WorkerWithInstance } from './describe-self'

/**
 * The worker whose key an `Authorization: Bearer …` header carries. Only its hash is looked up, so no comparison of secrets
 * can be timed. Throws Problem `unauthorised` (unknown or revoked), `worker-pending` unless `pending` is allowed.
 */
export async function authenticateWorker(
  authorization: string | null,
  allow: { pending: boolean } = { pending: false },
): Promise<WorkerWithInstance> {
  const key = /^Bearer (\S{1,500})$/.exec(authorization ?? '')?.[1]
  const worker = key
    ? await db().worker.findUnique({ where: { keySha256: sha256Hex(key) }, include: { instance: true } })
    : null
  if (!worker || worker.state === 'revoked')
    throw new Problem({
      code: 'unauthorised',
      text: 'This worker is not known here, or was revoked.',
      action: 'Enrol it again.',
    })
  if (worker.state === 'pending' && !allow.pending)
    throw new Problem({
      code: 'worker-pending',
      text: 'This worker waits for an administrator to confirm it.',
      action: 'Compare the fingerprint on the page of the instance and confirm it there.',
    })
  return worker
}
