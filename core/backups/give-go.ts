import { isDeepStrictEqual } from 'node:util'
import { staleAttempt } from '@/core/workers/refusals'
import { signManifest } from '@/core/signing/sign-manifest'
import { sha256Hex } from '@/lib/crypto'
import { db, type Instance } from '@/lib/db'
import { contributionSchema, type Manifest, type ManifestArtifact, manifestSchema } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { RunReference } from '@/protocol/worker-api'
import { assertInHand } from './assert-in-hand'
import { endedWell, findTask, keyOf, type TaskOfBackup, taskAfter } from './tasks'

/**
 * Lets a backup be completed by its last worker: checks that the run still is what it believes to be and that nobody's share is
 * missing, signs its manifest, and keeps the manifest's hash. The same manifest again gets the same signature, as an answer may
 * be lost. Throws Problem `stale-attempt`, `believed-lost` (try again: sending events overturns it), `cancelled`,
 * `share-missing`, `invalid-manifest`, `go-given`.
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
    const task = await findTask(transaction, worker, request.run)
    if (!task) throw staleAttempt()
    const { backup } = task
    assertInHand(task)
    assertSame(manifest, task, await transaction.instance.findUniqueOrThrow({ where: { id: backup.instanceId } }))
    assertWhole(manifest, task)
    if (backup.goAt && backup.manifestSha256 !== manifestSha256) throw goGiven()
    const signature = await signManifest(transaction, request.manifest)
    await transaction.backup.update({
      where: { id: backup.id },
      data: { goAt: backup.goAt ?? now, manifestSha256, manifestBytes: Buffer.byteLength(request.manifest) },
    })
    await transaction.backupTask.update({ where: keyOf(task), data: { lastSeenAt: now } })
    return { signature }
  })
}

function parseManifest(text: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Problem({ code: 'invalid-manifest', text: 'The manifest is not one of format 1.' }, { cause })
  }
}

/** A manifest that says it is another backup's must never bear our signature. */
function assertSame(manifest: Manifest, { attempt, backup }: TaskOfBackup, instance: Instance): void {
  const claims: [string, unknown, unknown][] = [
    ['backupId', manifest.backupId, backup.id],
    ['attempt', manifest.attempt, attempt],
    ['kind', manifest.kind, backup.kind],
    ['instance.id', manifest.instance.id, instance.id],
    ['instance.slug', manifest.instance.slug, instance.slug],
    ['plan.id', manifest.plan.id, backup.planId],
    ['plan.slug', manifest.plan.slug, backup.planSlug],
    ['plannedAt', manifest.plannedAt && Date.parse(manifest.plannedAt), backup.plannedAt?.getTime() ?? null],
  ]
  const wrong = claims.find(([, said, known]) => said !== known)
  if (wrong) throw notThisBackup(wrong[0])
}

/** Each worker's share is in it as that worker handed it over, beside what this last one made itself. */
function assertWhole(manifest: Manifest, task: TaskOfBackup): void {
  const before = task.backup.tasks.filter(({ attempt }) => attempt < task.attempt)
  const missing = taskAfter(task) ?? before.find((share) => !endedWell(share) || !share.contribution)
  if (missing)
    throw new Problem({
      code: 'share-missing',
      text: `The share of the worker “${missing.worker.slug}” is missing, so that this backup is not complete.`,
    })
  const others = before.flatMap(({ contribution }) => contributionSchema.parse(contribution).artifacts)
  const isOthers = (listed: ManifestArtifact) => others.some((artifact) => isDeepStrictEqual(listed, artifact))
  const own = manifest.artifacts.filter((listed) => !isOthers(listed))
  const stray = own.find(({ worker }) => worker !== task.worker.slug)
  if (stray) throw notThisBackup(stray.name)
  if (manifest.artifacts.length - own.length !== others.length) throw notThisBackup('artifacts')
}

function notThisBackup(where: string): Problem {
  return new Problem({ code: 'invalid-manifest', text: 'The manifest is not that of this backup.', where })
}

function goGiven(): Problem {
  return new Problem({ code: 'go-given', text: 'This backup was completed with another manifest already.' })
}
