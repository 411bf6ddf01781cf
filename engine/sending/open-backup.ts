import { requireRemoteAllowed } from '@/engine/check-policy'
import type { RunContext } from '@/engine/context'
import type { ReaderOptions } from '@/engine/parts/part-reader'
import { Spool } from '@/engine/parts/spool'
import { ProgressMeter } from '@/engine/progress-meter'
import { readTrustedManifest } from '@/engine/remote/read-manifest'
import { fewAttempts, RemoteStore } from '@/engine/remote/remote-store'
import type { IndexArtifact, TreesArtifact } from '@/engine/restore/restore-run'
import type { RunScope } from '@/engine/run-scope'
import { requireTools } from '@/engine/tools'
import { Problem } from '@/protocol/problem'
import type { SendIndexSpec } from '@/protocol/specs'

export type OpenBackup = {
  artifact: TreesArtifact
  index: IndexArtifact
  reader: ReaderOptions
}

/**
 * Opens one artifact of a backup for reading, along the chain of trust, while a person waits. What is opened closes with the
 * scope. Throws Problem: of the policy, the remote, the manifest, `artifact-unknown`, `index-missing`.
 */
export async function openBackup(
  spec: Omit<SendIndexSpec, 'question'>,
  context: RunContext,
  scope: RunScope,
): Promise<OpenBackup> {
  await requireRemoteAllowed(context.policy, spec.remote)
  await requireTools(scope.signal)
  const opened = await RemoteStore.open(spec.remote, {
    temporaryFolder: context.temporaryFolder,
    signal: scope.signal,
    bytesPerSecond: spec.bytesPerSecond,
    log: () => {},
  })
  scope.onClose(() => opened.close())
  const store = opened.withAttempts(fewAttempts)
  const manifest = await readTrustedManifest(store, spec.backup, spec.signingKeys)
  const artifact = manifest.artifacts.find(({ name }) => name === spec.artifact)
  const index = manifest.artifacts.find((candidate) => candidate.kind === 'index' && candidate.of === spec.artifact)
  if (artifact?.kind !== 'files' && artifact?.kind !== 'config') throw missing('artifact-unknown', spec.artifact)
  if (index?.kind !== 'index') throw missing('index-missing', spec.artifact)
  const spool = await Spool.open(context.spoolFolder, 'parts', scope.signal)
  scope.onClose(() => spool.close())
  const meter = new ProgressMeter(context)
  meter.begin('fetch', spec.artifact)
  const folder = `${spec.backup.instance.slug}/${spec.backup.folder}`
  const onBytes = (bytes: number) => meter.add(bytes)
  return { artifact, index, reader: { store, folder, spool, signal: scope.signal, onBytes } }
}

function missing(code: 'artifact-unknown' | 'index-missing', name: string): Problem {
  return new Problem({
    code,
    text:
      code === 'index-missing'
        ? `${name} has no index in the manifest, so that nobody can look into it without fetching all of it.`
        : `This backup has no artifact ${name}.`,
    action: 'It can be restored all the same.',
    where: name,
  })
}
