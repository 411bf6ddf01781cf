import { staleAttempt } from '@/core/workers/refusals'
import { signManifest } from '@/core/signing/sign-manifest'
import { sha256Hex } from '@/lib/crypto'
import { type Backup, db, type Prisma } from '@/lib/db'
import { type Manifest, manifestSchema } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { RunReference } from '@/protocol/worker-api'

/**
 * Lets a backup be completed: checks that the run still is what it believes to be, signs its manifest, and keeps the
 * manifest's hash. The same manifest again gets the same signature, as an answer may be lost.
 * Throws Problem `stale-attempt`, `believed-lost` (try again: sending events overturns it), `cancelled`, `invalid-manifest`,
 * `go-given`.
 */
export async function giveGo(
  worker: { id: string },
  request: { run: RunReference; manifest: string },
  now = new Date(),
): Promise<{ signature: string }> {
  if (request.run.name !== 'backup') throw staleAttempt()
  // a large manifest is parsed before the transaction, not inside it
  const manifest = parseManifest(request.manifest)
  const manifestSha256 = sha256Hex(request.manifest)
  return db().$transaction(async (transaction) => {
    const backup = await transaction.backup.findUnique({ where: { id: request.run.id }, include: goInclude })
    if (backup?.workerId !== worker.id || backup.attempt !== request.run.attempt) throw staleAttempt()
    assertMayGo(backup)
    assertSame(manifest, backup)
    if (backup.goAt && backup.manifestSha256 !== manifestSha256) throw goGiven()
    const signature = await signManifest(transaction, request.manifest)
    await transaction.backup.update({
      where: { id: backup.id },
      data: {
        goAt: backup.goAt ?? now,
        manifestSha256,
        manifestBytes: Buffer.byteLength(request.manifest),
        lastSeenAt: now,
      },
    })
    return { signature }
  })
}

const goInclude = { instance: true } satisfies Prisma.BackupInclude
type BackupRow = Prisma.BackupGetPayload<{ include: typeof goInclude }>

function assertMayGo(backup: Backup): void {
  if (backup.state === 'lost')
    throw new Problem({
      code: 'believed-lost',
      text: 'This backup was not heard of for so long that it counts as lost. It may be completed only after its events were taken.',
    })
  if (backup.state !== 'running') throw staleAttempt()
  if (backup.cancelRequestedAt)
    throw new Problem({ code: 'cancelled', text: 'This backup is being cancelled, and is not completed any more.' })
}

function parseManifest(text: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Problem({ code: 'invalid-manifest', text: 'The manifest is not one of format 1.' }, { cause })
  }
}

/** A manifest that says it is another backup's must never bear our signature. */
function assertSame(manifest: Manifest, backup: BackupRow): void {
  const claims: [string, unknown, unknown][] = [
    ['backupId', manifest.backupId, backup.id],
    ['attempt', manifest.attempt, backup.attempt],
    ['kind', manifest.kind, backup.kind],
    ['instance.id', manifest.instance.id, backup.instanceId],
    ['instance.slug', manifest.instance.slug, backup.instance.slug],
    ['plan.id', manifest.plan.id, backup.planId],
    ['plan.slug', manifest.plan.slug, backup.planSlug],
    ['plannedAt', manifest.plannedAt && Date.parse(manifest.plannedAt), backup.plannedAt?.getTime() ?? null],
  ]
  const wrong = claims.find(([, said, known]) => said !== known)
  if (wrong)
    throw new Problem({
      code: 'invalid-manifest',
      text: 'The manifest is not that of this backup.',
      where: wrong[0],
    })
}

function goGiven(): Problem {
  return new Problem({ code: 'go-given', text: 'This backup was completed with another manifest already.' })
}
