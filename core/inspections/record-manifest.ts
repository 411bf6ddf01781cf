import type { z } from 'zod'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { staleAttempt } from '@/core/workers/refusals'
import { isSignedBy, sha256Hex } from '@/lib/crypto'
import { type Backup, db, type Inspection, type Transaction } from '@/lib/db'
import { type Manifest, manifestSchema } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { manifestRequestSchema, manifestResponseSchema } from '@/protocol/worker-api'
import { insertFoundBackup } from './insert-found-backup'

type Request = z.infer<typeof manifestRequestSchema>
type Answer = z.infer<typeof manifestResponseSchema>

/**
 * Takes a manifest that an adoption found on a remote into the catalogue. Signed by a key of ours, its backup is one of ours again;
 * else it is foreign. What the worker says of it counts for nothing: form, signature and hash are looked at here.
 * Throws Problem `stale-attempt`, `invalid-manifest`, `other-instance`, `other-backup`.
 */
export async function recordManifest(
  worker: { id: string; slug: string },
  request: Request,
  now = new Date(),
): Promise<Answer> {
  const { run, folder } = request
  if (run.name !== 'inspection') throw staleAttempt()
  // a large manifest is parsed before the transaction, not inside it
  const manifest = parseManifest(request.manifest)
  const manifestSha256 = sha256Hex(request.manifest)
  return db().$transaction(async (transaction) => {
    const inspection = await transaction.inspection.findUnique({ where: { id: run.id }, include: { instance: true } })
    if (inspection?.workerId !== worker.id || inspection.attempt !== run.attempt || inspection.state !== 'running')
      throw staleAttempt()
    if (inspection.kind !== 'adoption' || !isWanted(inspection, folder)) throw staleAttempt()
    const { id, slug } = inspection.instance
    if (manifest.instance.id !== id || manifest.instance.slug !== slug) throw otherInstance(manifest)
    const known = await transaction.backup.findUnique({ where: { id: manifest.backupId } })
    if (known) await assertSame(transaction, known, { inspection, folder, manifestSha256 })
    const signed = await isSigned(transaction, request)
    const origin = known ? known.origin : signed ? 'adopted' : 'foreign'
    const found = { manifest, manifestSha256, manifestBytes: Buffer.byteLength(request.manifest), folder, origin }
    if (!known) await insertFoundBackup(transaction, worker, inspection, found)
    await placeCopy(transaction, inspection, manifest.backupId, origin !== 'foreign', now)
    await transaction.stranger.deleteMany({
      where: { folder, inspection: { instanceId: inspection.instanceId, remoteId: inspection.remoteId } },
    })
    await recordAuditEvent(transaction, {
      actor: { kind: 'worker', id: worker.id, name: worker.slug },
      action: 'backup.found',
      subject: { kind: 'backup', id: manifest.backupId },
      instanceId: inspection.instanceId,
      detail: { folder, origin, known: known !== null },
    })
    return { origin: known || origin === 'own' ? 'known' : origin }
  })
}

function parseManifest(text: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Problem({ code: 'invalid-manifest', text: 'Its manifest is not one of format 1.' }, { cause })
  }
}

function isWanted({ folders }: Inspection, folder: string): boolean {
  return Array.isArray(folders) && folders.includes(folder)
}

async function isSigned(transaction: Transaction, { manifest, signature }: Request): Promise<boolean> {
  if (!signature) return false
  const bytes = Buffer.from(manifest, 'utf8')
  const keys = await listSigningKeys(transaction)
  return keys.some((key) => isSignedBy(bytes, signature.trim(), key))
}

/** A backup that is known already may have another copy here, but only if it is the very same. */
async function assertSame(
  transaction: Transaction,
  known: Backup,
  found: { inspection: Inspection; folder: string; manifestSha256: string },
): Promise<void> {
  const { instanceId, remoteId } = found.inspection
  const isSame =
    known.instanceId === instanceId && known.manifestSha256 === found.manifestSha256 && known.folder === found.folder
  const copy = await transaction.copy.findUnique({ where: { backupId_remoteId: { backupId: known.id, remoteId } } })
  if (isSame && ['succeeded', 'warning'].includes(known.state) && copy?.presence !== 'leftover') return
  throw new Problem({
    code: 'other-backup',
    text: 'The catalogue knows a backup of this id, and it is another one.',
    action: 'Nothing was changed. Find out who wrote this folder.',
  })
}

async function placeCopy(
  transaction: Transaction,
  { remoteId }: Inspection,
  backupId: string,
  isOurs: boolean,
  now: Date,
): Promise<void> {
  // its own manifest says that each part was checked when it was uploaded; a stranger's word is not taken for it
  const facts = {
    presence: 'present',
    verification: isOurs ? 'uploaded' : 'none',
    verifiedAt: isOurs ? now : null,
  } as const
  await transaction.copy.upsert({
    where: { backupId_remoteId: { backupId, remoteId } },
    create: { backupId, remoteId, ...facts },
    update: facts,
  })
}

function otherInstance({ instance }: Manifest): Problem {
  return new Problem({
    code: 'other-instance',
    text: `Its manifest says that it is of the instance ${instance.slug} with the id ${instance.id}, which is another one.`,
    action: 'To take it over, register that instance under this id, then look there.',
  })
}
