import { randomUUID } from 'node:crypto'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { assertRestorable } from '@/core/restores/assert-restorable'
import { assertAllowed, type RestoreRequest } from '@/core/restores/request-restore'
import { signManifest } from '@/core/signing/sign-manifest'
import { slugTaken } from '@/core/workers/make-enrolment'
import { randomToken, seal, sha256Hex } from '@/lib/crypto'
import { db, type Instance, type Transaction } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { linkOf } from '@/protocol/migration-link'
import { Problem } from '@/protocol/problem'
import { directSourceOf } from './direct-source'
import { connectionPlace } from './new-source'
import type { WantedMigration } from './schema'

/**
 * Makes a link by which one fresh host becomes a worker of an instance and has a backup restored there. The link is shown once; only
 * its hash is kept. The restore is asked for later as by this person, whose rights are judged then once more. Throws Problem
 * `unknown-instance`, `slug-taken`, `forbidden`, `slug-not-typed`, `confirmed-by-hand`, `no-fix-ups`, and those of assertRestorable.
 */
export async function prepareMigration(
  actor: Actor,
  wanted: WantedMigration,
  now = new Date(),
): Promise<{ migrationId: string; link: string; expiresAt: Date }> {
  const { id: createdById } = actor
  if (actor.kind !== 'user' || createdById === null)
    throw new Problem({ code: 'forbidden', text: 'A migration link is made by a person, whose rights it has.' })
  const expiresAt = new Date(now.getTime() + wanted.validHours * 3_600_000)
  return db().$transaction(async (transaction) => {
    const instance = await transaction.instance.findUnique({ where: { id: wanted.instanceId } })
    if (!instance) throw new Problem({ code: 'unknown-instance', text: 'There is no such instance.' })
    const { backup } = await assertRestorable(transaction, wanted.backupId)
    const source = await transaction.instance.findUniqueOrThrow({ where: { id: backup.instanceId } })
    const request = requestOf(wanted)
    assertAllowed(actor, request, instance, source.id)
    assertConfirmedByHand(wanted, source)
    await assertFixUps(transaction, wanted, { instance, source })
    const former = await formerWorker(transaction, instance.id, wanted.workerSlug)
    const id = randomUUID()
    const { link, sha256 } = await makeLink(transaction, { id, instance, worker: wanted.workerSlug, expiresAt })
    await transaction.migration.create({
      data: {
        ...{ id, instanceId: instance.id, workerSlug: wanted.workerSlug, backupId: backup.id, linkSha256: sha256 },
        request,
        connection: wanted.connection
          ? seal(wanted.connection, connectionPlace(id), controlPlaneEnv().sealingKey)
          : null,
        mongodbSourceId: wanted.connection ? null : former && (await directSourceOf(transaction, former)),
        ...{ trustedNetworks: wanted.trustedNetworks, createdById, createdAt: now, expiresAt },
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'migration.prepare',
      subject: { kind: 'migration', id },
      instanceId: instance.id,
      detail: {
        ...{ backupId: backup.id, backupInstanceId: backup.instanceId, workerSlug: wanted.workerSlug },
        ...{
          way: wanted.way,
          ontoData: wanted.ontoData === 'on',
          trustedNetworks: wanted.trustedNetworks,
          reason: wanted.reason,
        },
        expiresAt: expiresAt.toISOString(),
      },
    })
    return { migrationId: id, link, expiresAt }
  })
}

function assertConfirmedByHand(wanted: WantedMigration, source: Instance): void {
  if (source.environment === 'production' && wanted.trustedNetworks.length > 0)
    throw new Problem({
      code: 'confirmed-by-hand',
      text: 'A host that gets production’s data is always confirmed by hand.',
      action: 'Leave the networks empty, and compare the fingerprint once the host has called.',
      where: 'trustedNetworks',
    })
}

async function assertFixUps(
  transaction: Transaction,
  { fixUps }: WantedMigration,
  { instance, source }: { instance: Instance; source: Instance },
): Promise<void> {
  if (!fixUps) return
  const profile = await transaction.fixUpProfile.findUnique({ where: { instanceId: instance.id } })
  if (profile && instance.id !== source.id) return
  throw new Problem({
    code: 'no-fix-ups',
    text: profile ? 'Fix-ups are for the backup of another instance.' : `${instance.name} has no fix-ups yet.`,
    action: profile ? 'Leave them out.' : 'Enter them on its page, or leave them out.',
    where: 'fixUps',
  })
}

/** The revoked worker whose name and sources the host takes over; null: there was none. Throws Problem `slug-taken`. */
async function formerWorker(transaction: Transaction, instanceId: string, slug: string): Promise<string | null> {
  const namesake = await transaction.worker.findUnique({ where: { instanceId_slug: { instanceId, slug } } })
  if (namesake && namesake.state !== 'revoked') throw slugTaken(slug)
  return namesake?.id ?? null
}

function requestOf({
  backupId,
  way,
  ontoData,
  fixUps,
  reason,
  typedSlug,
}: WantedMigration): Pick<RestoreRequest, 'backupId' | 'inPlace' | 'fixUps' | 'reason' | 'typedSlug'> {
  return {
    backupId,
    // nothing writes on a host that is being set up; it has nothing, or what it has is kept beside
    inPlace: way === 'inPlace' ? { writers: 'stopped', safety: false, requireEmpty: ontoData !== 'on' } : null,
    fixUps: fixUps ? { without: [] } : null,
    ...{ reason, typedSlug: typedSlug || null },
  }
}

async function makeLink(
  transaction: Transaction,
  { id, instance, worker, expiresAt }: { id: string; instance: Instance; worker: string; expiresAt: Date },
): Promise<{ link: string; sha256: string }> {
  const { signed, withSignature } = linkOf({
    ...{ id, url: controlPlaneEnv().publicUrl, instance: instance.slug, worker },
    ...{ expiresAt: expiresAt.toISOString(), nonce: randomToken() },
  })
  const link = withSignature(await signManifest(transaction, signed))
  return { link, sha256: sha256Hex(link) }
}
