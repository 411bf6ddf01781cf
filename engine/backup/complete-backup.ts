import type { RunOutcome } from '@/engine/context'
import { checksumsName, checksumsText, manifestName, signatureName } from '@/engine/remote/backup-folder'
import { canonicalJson } from '@/protocol/canonical-json'
import { longestManifestBytes } from '@/engine/remote/read-manifest'
import { requireFiles, writeChecked } from '@/engine/remote/write-checked'
import { sha256Hex } from '@/lib/crypto'
import { type Contribution, manifestSchema } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { BackupPlace, BackupRun } from './backup-run'
import { joinedContributions, ownContribution } from './contribution'
import { figuresOf, holdIfShrunk, makeManifest } from './make-manifest'

/**
 * Looks once more at what lies on the remote, all of it together, whichever worker made it. The worker that completes the backup
 * adds SHA256SUMS before, for people with plain tools.
 */
export async function verifyFolder(run: BackupRun, place: BackupPlace): Promise<void> {
  run.meter.begin('verify', place.path)
  const parts = joinedContributions(run, place).artifacts.flatMap((artifact) => artifact.parts)
  const sums = run.spec.share.completes ? [await writeChecksums(place, parts)] : []
  await requireFiles(place.store, place.path, [...parts, ...sums])
}

async function writeChecksums(place: BackupPlace, parts: { name: string; sha256: string }[]) {
  const text = checksumsText(parts)
  await place.store.writeText(`${place.path}/${checksumsName}`, text)
  return { name: checksumsName, bytes: Buffer.byteLength(text) }
}

/** Leaves the rest to the workers that come after. */
export async function handOver(run: BackupRun, place: BackupPlace): Promise<RunOutcome> {
  await run.context.handOver(ownContribution(run, place))
  run.log('info', `The share of ${run.spec.worker.slug} is handed over; another worker completes the backup.`)
  return run.warnings.count > 0 ? 'warning' : 'succeeded'
}

export type FinishedManifest = { text: string; whole: Contribution; held: string[]; signature: string | null }

/** Writes down what the backup is and lets control sign it. Throws when control refuses: then nothing becomes a backup. */
export async function askToComplete(run: BackupRun, place: BackupPlace): Promise<FinishedManifest> {
  run.meter.begin('go', 'manifest')
  const held = holdIfShrunk(run, joinedContributions(run, place))
  const whole = joinedContributions(run, place)
  const manifest = makeManifest(run, whole, held)
  const text = `${canonicalJson(manifestSchema.parse(manifest))}\n`
  if (Buffer.byteLength(text) > longestManifestBytes)
    throw new Problem({
      code: 'manifest-too-large',
      text: 'The manifest of this backup would be larger than 64 MiB.',
      action: 'Choose larger parts in the plan, or back up fewer collections with it.',
    })
  return { text, whole, held, signature: await run.context.requestGo(text) }
}

/** Makes the folder a backup: signature first, manifest last. */
export async function writeManifest(
  run: BackupRun,
  place: BackupPlace,
  finished: FinishedManifest,
): Promise<RunOutcome> {
  run.meter.begin('manifest', manifestName)
  run.scope.signal.throwIfAborted()
  if (finished.signature !== null) await writeChecked(place.store, place.path, signatureName, `${finished.signature}\n`)
  await writeChecked(place.store, place.path, manifestName, finished.text)
  run.log('info', `SHA-256 of the manifest: ${sha256Hex(finished.text)}`)
  reportSummary(run, finished)
  return finished.whole.warningCount > 0 ? 'warning' : 'succeeded'
}

function reportSummary(run: BackupRun, { whole, held }: FinishedManifest): void {
  const { artifacts, warningCount, changedFiles, versions } = whole
  const { namespaces, trees } = figuresOf(whole)
  const consistencies = artifacts.flatMap((artifact) => (artifact.kind === 'mongodb' ? [artifact.consistency] : []))
  run.context.report({
    type: 'summary',
    bytes: artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0),
    rawBytes: artifacts.reduce((sum, artifact) => sum + artifact.rawBytes, 0),
    warningCount,
    changedFiles,
    held,
    namespaces,
    trees,
    consistency: [...new Set(consistencies)].join(', '),
    tools: versions,
  })
}
