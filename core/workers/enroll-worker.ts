import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { sha256Hex } from '@/lib/crypto'
import { db, isUniqueViolation, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { enrollRequestSchema } from '@/protocol/worker-api'
import type { WorkerWithInstance } from './describe-self'
import { slugTaken } from './make-enrolment'

type EnrollRequest = z.infer<typeof enrollRequestSchema>

/**
 * Redeems a one-time token: makes the worker, which speaks `protocol`, pending until an administrator has compared the fingerprint.
 * Throws Problem `invalid-token` (unknown, used or too old: not told apart), `slug-taken`, `key-in-use`.
 */
export async function enrollWorker(
  request: EnrollRequest,
  protocol: string,
  now = new Date(),
): Promise<WorkerWithInstance> {
  try {
    return await db().$transaction(async (transaction) => {
      const { instanceId, workerSlug, id } = await redeem(transaction, request.token, now)
      const worker = await putWorker(transaction, { instanceId, slug: workerSlug }, { ...request, protocol }, now)
      await transaction.enrolment.update({ where: { id }, data: { workerId: worker.id } })
      await recordAuditEvent(transaction, {
        actor: { kind: 'worker', id: worker.id, name: worker.slug },
        action: 'worker.enrol',
        subject: { kind: 'worker', id: worker.id },
        instanceId,
        detail: { hostName: request.hostName, version: request.version },
      })
      return worker
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new Problem({
      code: 'key-in-use',
      text: 'Another worker has this key already.',
      action: 'Enrol again with a state folder of its own: two workers cannot share one.',
    })
  }
}

async function redeem(transaction: Transaction, token: string, now: Date) {
  const tokenHash = sha256Hex(token)
  const { count } = await transaction.enrolment.updateMany({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  })
  if (count !== 1)
    throw new Problem({
      code: 'invalid-token',
      text: 'This enrolment token is not valid: it may be mistyped, used already, or older than 15 minutes.',
      action: 'Make a new one on the page of the instance.',
    })
  return transaction.enrolment.findUniqueOrThrow({ where: { tokenHash } })
}

/** Makes a pending worker, or makes a revoked one of that name this host. Runs in the caller's transaction. Throws Problem `slug-taken`. */
export async function putWorker(
  transaction: Transaction,
  place: { instanceId: string; slug: string },
  request: Omit<EnrollRequest, 'token'> & { protocol: string },
  now: Date,
): Promise<WorkerWithInstance> {
  const namesake = await transaction.worker.findUnique({ where: { instanceId_slug: place } })
  if (namesake && namesake.state !== 'revoked') throw slugTaken(place.slug)
  const data = {
    ...place,
    state: 'pending' as const,
    keySha256: request.keySha256,
    redisPasswordSha256: request.redisPasswordSha256,
    redisPrefix: randomBytes(16).toString('hex'),
    hostName: request.hostName,
    version: request.version,
    protocol: request.protocol,
    tools: request.tools,
    lastSeenAt: now,
    enrolledAt: now,
    confirmedAt: null,
    revokedAt: null,
  }
  const include = { instance: true }
  return namesake
    ? transaction.worker.update({ where: { id: namesake.id }, data, include })
    : transaction.worker.create({ data, include })
}
