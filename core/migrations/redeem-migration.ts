import type { z } from 'zod'
import { control } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import type { WorkerWithInstance } from '@/core/workers/describe-self'
import { activateWorker } from '@/core/workers/confirm-worker'
import { putWorker } from '@/core/workers/enroll-worker'
import { isSignedBy, sha256Hex } from '@/lib/crypto'
import { db, Prisma, type Migration, type Transaction } from '@/lib/db'
import { readLink } from '@/protocol/migration-link'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import type { redeemMigrationRequestSchema } from '@/protocol/worker-api'
import { makeSource } from './new-source'
import { isInNetworks, trustedNetworksSchema } from './networks'

type Request = z.infer<typeof redeemMigrationRequestSchema>
/** `address` null: unknown */
type Caller = { protocol: string; address: string | null }
type Bound = Migration & { worker: WorkerWithInstance | null }

/**
 * Makes the host that holds a link the worker of that link; the same host may come again until the link expires, and by that asks
 * anew for a restore that failed. It is pending until somebody confirms it, unless it calls from a network that was named before.
 * Every refusal of a link that exists is audited. Throws Problem `invalid-link`, `link-unknown`, `link-altered`, `link-revoked`,
 * `link-expired`, `link-used`, `link-of-another-worker`, `slug-taken`.
 */
export async function redeemMigration(request: Request, caller: Caller, now = new Date()): Promise<WorkerWithInstance> {
  const { facts, signed, signature } = readLink(request.link)
  const migration = await db().migration.findUnique({
    where: { id: facts.id },
    include: { worker: { include: { instance: true } } },
  })
  if (!migration)
    throw new Problem({ code: 'link-unknown', text: 'The dashboard does not know this link.', action: newLink })
  const keys = await listSigningKeys()
  const isGenuine =
    keys.some((key) => isSignedBy(Buffer.from(signed), signature, key)) &&
    sha256Hex(request.link.trim()) === migration.linkSha256
  const refusal = isGenuine ? await refusalOf(migration, request, now) : refusals.altered
  if (refusal) {
    await auditRefusal(migration, request, caller, refusal)
    throw new Problem(refusal)
  }
  return db().$transaction(async (transaction) => {
    const worker =
      migration.worker ?? (await bind(transaction, migration, { ...request, protocol: caller.protocol }, now))
    await transaction.migration.update({
      where: { id: migration.id },
      data: { redeemedAt: now, problem: Prisma.DbNull },
    })
    await recordAuditEvent(transaction, {
      actor: { kind: 'worker', id: worker.id, name: worker.slug },
      action: 'migration.redeem',
      subject: { kind: 'migration', id: migration.id },
      instanceId: migration.instanceId,
      detail: { hostName: request.hostName, address: caller.address, again: migration.worker !== null },
    })
    return confirmIfTrusted(transaction, migration, worker, caller, now)
  })
}

const newLink = 'Have a new one made in the dashboard.'
const refusals = {
  altered: {
    code: 'link-altered',
    text: 'This link was altered.',
    action: 'Copy it once more, or have a new one made.',
  },
  revoked: { code: 'link-revoked', text: 'This link was withdrawn.', action: newLink },
  expired: { code: 'link-expired', text: 'This link is too old.', action: newLink },
  used: { code: 'link-used', text: 'This link belongs to another host, which came first.', action: newLink },
  otherWorker: {
    code: 'link-of-another-worker',
    text: 'This host is another worker already, and cannot become the one of this link.',
    action: 'Use a fresh host, or a state folder of its own (--state).',
  },
} satisfies Record<string, ProblemFacts>

async function refusalOf(migration: Bound, { keySha256 }: Request, now: Date): Promise<ProblemFacts | null> {
  if (migration.revokedAt) return refusals.revoked
  if (migration.expiresAt <= now) return refusals.expired
  const known = await db().worker.findUnique({ where: { keySha256 } })
  if (migration.workerId !== null)
    return known?.id === migration.workerId && known.state !== 'revoked' ? null : refusals.used
  return known ? refusals.otherWorker : null
}

async function auditRefusal(
  migration: Migration,
  { hostName }: Request,
  { address }: Caller,
  { code }: ProblemFacts,
): Promise<void> {
  await db().$transaction((transaction) =>
    recordAuditEvent(transaction, {
      actor: { kind: 'worker', id: null, name: hostName },
      action: 'migration.refuse',
      subject: { kind: 'migration', id: migration.id },
      instanceId: migration.instanceId,
      detail: { reason: code, address },
    }),
  )
}

/** The first host to come becomes the worker of the link. Throws Problem `link-used` when another was faster. */
async function bind(
  transaction: Transaction,
  migration: Migration,
  request: Request & { protocol: string },
  now: Date,
): Promise<WorkerWithInstance> {
  const { id, instanceId, workerSlug: slug, connection } = migration
  const { link: _, ...about } = request
  const worker = await putWorker(transaction, { instanceId, slug }, about, now)
  const { count } = await transaction.migration.updateMany({
    where: { id, workerId: null },
    data: { workerId: worker.id },
  })
  if (count === 0) throw new Problem(refusals.used)
  if (connection !== null) await makeSource(transaction, { id, instanceId, connection }, worker.id)
  await recordAuditEvent(transaction, {
    actor: { kind: 'worker', id: worker.id, name: worker.slug },
    action: 'worker.enrol',
    subject: { kind: 'worker', id: worker.id },
    instanceId,
    detail: { hostName: request.hostName, version: request.version, migrationId: id },
  })
  return worker
}

/** Production's data goes nowhere unconfirmed, whatever was named when the link was made. */
async function confirmIfTrusted(
  transaction: Transaction,
  migration: Migration,
  worker: WorkerWithInstance,
  { address }: Caller,
  now: Date,
): Promise<WorkerWithInstance> {
  const networks = trustedNetworksSchema.parse(migration.trustedNetworks)
  if (worker.state !== 'pending' || !isInNetworks(address, networks)) return worker
  const { instance } = await transaction.backup.findUniqueOrThrow({
    where: { id: migration.backupId },
    include: { instance: true },
  })
  if (instance.environment === 'production') return worker
  return activateWorker(transaction, control, worker, now, { migrationId: migration.id, address })
}
