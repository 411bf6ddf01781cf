import type { RunOutcome } from '@/engine/context'
import { readArtifact } from '@/engine/parts/part-reader'
import type { ManifestPart } from '@/engine/parts/part-shipper'
import { requireSpoolSpace, Spool } from '@/engine/parts/spool'
import { checksumsName } from '@/engine/remote/backup-folder'
import { readTrustedManifest } from '@/engine/remote/read-manifest'
import type { ManifestArtifact } from '@/protocol/manifest'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import { type InspectionRun, judge } from './inspection-run'

type ReadBack = InspectionRun<'readBack'>

/** What a backup itself is to blame for. Anything else (a remote that is away, a full spool) ends the look without a verdict. */
const damageCodes = [
  ...['manifest-missing', 'manifest-altered', 'manifest-unreadable', 'manifest-unsigned', 'manifest-wrong-signature'],
  ...['manifest-foreign', 'part-missing', 'part-altered', 'part-damaged'],
]

/**
 * Reads every byte of one backup: its manifest along the chain of trust, SHA256SUMS, and each part, by size and SHA-256, and
 * whether it gives the raw bytes that it was made of. `warning`: it has faults.
 */
export async function readBack(run: ReadBack): Promise<RunOutcome> {
  const { backup } = run.spec
  const faults = await findFaults(run)
  const isWhole = await judge(run, { backupId: backup.id, folder: backup.folder }, faults)
  return isWhole ? 'succeeded' : 'warning'
}

async function findFaults(run: ReadBack): Promise<ProblemFacts[]> {
  const { spec, store, context } = run
  run.meter.begin('look', spec.backup.folder)
  const read = () => readTrustedManifest(store, spec.backup, spec.signingKeys, { signed: spec.signed })
  const manifest = await twice(run, read)
  if ('fault' in manifest) return [manifest.fault]
  const { artifacts } = manifest.value
  const parts = artifacts.flatMap((artifact) => artifact.parts)
  await requireSpoolSpace(context.spoolFolder, 2 * Math.max(0, ...parts.map(({ bytes }) => bytes)))
  const faults = await compareChecksums(run, parts)
  for (const artifact of artifacts) {
    const outcome = await twice(run, () => readWhole(run, artifact))
    if ('fault' in outcome) faults.push(outcome.fault)
  }
  return faults
}

/** SHA256SUMS is what a person with plain tools goes by: it must say of each part what the manifest says. */
async function compareChecksums({ spec, store }: ReadBack, parts: ManifestPart[]): Promise<ProblemFacts[]> {
  const path = `${spec.backup.instance.slug}/${spec.backup.folder}/${checksumsName}`
  const lines = parts.map(({ sha256, name }) => `${sha256}  ${name}`)
  const longestBytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)
  const found = await store.stat(path)
  if (!found) return [{ code: 'checksums-missing', text: `${checksumsName} is missing on the remote.`, where: path }]
  const text = found.bytes > longestBytes ? null : await store.read(path, longestBytes)
  const isSame = text !== null && sorted(text.toString('utf8').trimEnd().split('\n')) === sorted(lines)
  if (isSame) return []
  return [{ code: 'checksums-altered', text: `${checksumsName} was altered since the backup was made.`, where: path }]
}

function sorted(lines: string[]): string {
  return lines.toSorted((a, b) => (a < b ? -1 : 1)).join('\n')
}

/** A fault counts when it is found twice: the first may have happened on the way here. */
async function twice<T>(run: ReadBack, look: () => Promise<T>): Promise<{ value: T } | { fault: ProblemFacts }> {
  for (let tries = 1; ; tries++) {
    try {
      return { value: await look() }
    } catch (error) {
      if (!(error instanceof Problem) || !damageCodes.includes(error.code)) throw error
      const { code, text, where } = error.toFacts()
      if (tries === 2) return { fault: { code, text, ...(where ? { where } : {}) } }
      run.log('warn', `${text} Looking once more.`)
    }
  }
}

async function readWhole({ spec, context, scope, store, meter }: ReadBack, artifact: ManifestArtifact): Promise<void> {
  meter.begin('look', artifact.name, artifact.rawBytes)
  const spool = await Spool.open(context.spoolFolder, 'parts', scope.signal)
  const folder = `${spec.backup.instance.slug}/${spec.backup.folder}`
  const onBytes = (bytes: number) => meter.add(bytes)
  try {
    const bytes = readArtifact(artifact, { store, folder, spool, signal: scope.signal, onBytes })
    while (!(await bytes.next()).done);
  } finally {
    await spool.close()
  }
}
