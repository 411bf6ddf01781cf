import { dirname } from 'node:path'
import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { CheckLine } from '@/protocol/restore-check'
import { isWanted } from '@/protocol/selection'
import type { CheckRestoreSpec } from '@/protocol/specs'
import { requireMongodbAllowed, requireRemoteAllowed, requireRestoreAllowed } from './check-policy'
import type { InPlaceContext, RunContext } from './context'
import { isOfSystem } from './mongodb/restore-target'
import { freeBytesOf, requireSpoolSpace } from './parts/spool'
import { checkMarker } from './remote/instance-marker'
import { readTrustedManifest } from './remote/read-manifest'
import { fewAttempts, RemoteStore } from './remote/remote-store'
import { largestPart } from './restore/choose-backup'
import { chosenArtifacts } from './restore/chosen-artifacts'
import { nearestFolder } from './restore/nearest-folder'
import { partsOnRemote } from './restore/parts-on-remote'
import { requireAbsent } from './restore/require-absent'
import { requireSelected } from './restore/require-selected'
import { CheckLines, type Finding } from './restore-check/check-lines'
import { checkInPlace, toInPlaceSpec } from './restore-check/in-place'
import { probeFilesystem } from './restore-check/filesystem'
import { checkMongodb } from './restore-check/mongodb'
import { checkOwners } from './restore-check/owners'
import { RunScope } from './run-scope'
import { requireTools } from './tools'

type Spec = Omit<CheckRestoreSpec, 'target'> & {
  target: CheckRestoreSpec['target'] & { folder: string }
}
type Opened = { store: RemoteStore; manifest: Manifest }

/**
 * Looks at everything that a restore needs, and says of each how it stands: of the host, its policy, the remote and all parts
 * there, the disk, the MongoDB. Leaves nothing behind. Throws only the reason of the signal.
 */
export async function checkRestore(
  spec: Spec,
  context: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
): Promise<{ lines: CheckLine[] }> {
  const { inPlace } = spec
  if (inPlace) return { lines: await checkInPlace(toInPlaceSpec({ ...spec, inPlace }), context) }
  const scope = new RunScope(context)
  const lines = new CheckLines(scope.signal)
  const { folder, mongodb } = spec.target
  try {
    const isAllowed = await lines.look('policy', () => checkPolicy(spec, context))
    if (!isAllowed) return { lines: lines.list }
    await lines.lookAt('tools', async () => {
      const { tar, zstd, rclone } = await requireTools(scope.signal)
      return `tar ${tar}, zstd ${zstd} and rclone ${rclone} are there.`
    })
    const opened = await lines.look('remote', () => openRemote(spec, context, scope))
    const artifacts = opened && (await lines.look('parts', () => checkParts(spec, opened)))
    if (artifacts) await lines.lookAt('space', () => checkSpace(spec, artifacts, context))
    await lines.lookAt('folder', async () => {
      await requireAbsent(folder)
      return `${folder} is not there yet: the restore makes it.`
    })
    if (artifacts?.some(({ kind }) => kind !== 'mongodb')) {
      await lines.lookAt('filesystem', () => probeFilesystem(folder, scope.signal))
      await lines.lookAt('owners', () => checkOwners(spec, scope.signal))
    }
    if (mongodb)
      await lines.lookAt('mongodb', () => {
        const archives = (artifacts ?? []).flatMap((artifact) => (artifact.kind === 'mongodb' ? [artifact] : []))
        const namespaces = archives.flatMap((archive) => archive.namespaces)
        const wanted = namespaces.filter(
          (namespace) => !isOfSystem(namespace) && isWanted(namespace, spec.selection?.namespaces ?? null),
        )
        const databases = [...new Set(wanted.map(({ database }) => database))]
        const { mongodbToolFolders: toolFolders } = context
        return checkMongodb(mongodb, archives, databases, { toolFolders, signal: scope.signal })
      })
    return { lines: lines.list }
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function checkPolicy(spec: Spec, { policy }: RunContext): Promise<{ finding: Finding; value: true }> {
  await requireRemoteAllowed(policy, spec.remote)
  await requireRestoreAllowed(policy, spec.target.folder)
  if (spec.target.mongodb) requireMongodbAllowed(policy)
  return { finding: 'The policy of this worker’s host allows it.', value: true }
}

async function openRemote(
  spec: Spec,
  context: RunContext,
  scope: RunScope,
): Promise<{ finding: Finding; value: Opened }> {
  const opened = await RemoteStore.open(spec.remote, {
    temporaryFolder: context.temporaryFolder,
    signal: scope.signal,
    bytesPerSecond: null,
    log: () => {},
  })
  scope.onClose(() => opened.close())
  const store = opened.withAttempts(fewAttempts)
  const hasMarker = await checkMarker(store, spec.backup.instance)
  const manifest = await readTrustedManifest(store, spec.backup, spec.signingKeys)
  const finding: Finding = hasMarker
    ? 'The remote answers, and the manifest there is the one that this backup was made with.'
    : {
        level: 'amber',
        text: 'The manifest is the right one, but the instance’s folder on the remote has no .talekeeper.json.',
        action: 'Find out who removed it. The restore trusts the manifest alone.',
      }
  return { finding, value: { store, manifest } }
}

/** Of an artifact that the selection narrows, parts may be missing that nothing chosen lies in. */
async function checkParts(
  spec: Spec,
  { store, manifest }: Opened,
): Promise<{ finding: Finding; value: ManifestArtifact[] }> {
  const artifacts = chosenArtifacts(spec, manifest)
  requireSelected(spec.selection, artifacts)
  if (artifacts.length === 0)
    throw new Problem({
      code: 'nothing-chosen',
      text: 'The backup holds nothing of what was chosen, or only MongoDB, and no server to restore it to was named.',
      action: 'Choose a MongoDB server, or other things to restore.',
    })
  const isNarrowed = (artifact: ManifestArtifact) =>
    spec.selection?.paths.some((choice) => choice.artifact === artifact.name) ?? false
  const indexes = manifest.artifacts.filter(
    (index) => index.kind === 'index' && artifacts.some(({ name }) => name === index.of),
  )
  const requireThere = await partsOnRemote(store, spec.backup)
  for (const artifact of [...indexes, ...artifacts]) if (!isNarrowed(artifact)) requireThere(artifact.parts)
  let finding: Finding = `All ${count([...artifacts, ...indexes])} files of it are there, each with its size.`
  try {
    for (const artifact of artifacts) requireThere(artifact.parts)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    finding = {
      level: 'amber',
      text: `${error.message} What was chosen may not lie in it.`,
      action: 'The restore finds out before it writes anything. Let this backup be checked.',
    }
  }
  return { finding, value: artifacts }
}

function count(artifacts: ManifestArtifact[]): number {
  return artifacts.reduce((sum, { parts }) => sum + parts.length, 0)
}

async function checkSpace(spec: Spec, artifacts: ManifestArtifact[], context: RunContext): Promise<Finding> {
  await requireSpoolSpace(context.spoolFolder, 2 * largestPart(artifacts))
  const trees = artifacts.filter(({ kind }) => kind !== 'mongodb')
  const neededBytes = spec.expectedBytes ?? trees.reduce((sum, { rawBytes }) => sum + rawBytes, 0)
  const parent = await nearestFolder(dirname(spec.target.folder))
  const freeBytes = await freeBytesOf(parent)
  const text = `The files take ${inWords(neededBytes)}; ${inWords(freeBytes)} are free where they go.`
  if (freeBytes < neededBytes)
    return { level: 'red', text, action: 'Free some space there, or restore into a folder on another disk.' }
  if (freeBytes < neededBytes * 1.1)
    return { level: 'amber', text, action: 'That will nearly fill the disk. Make room first if others write there.' }
  return text
}

function inWords(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${(bytes / 1024 ** 3).toFixed(1)} GiB` : `${Math.ceil(bytes / 1024 ** 2)} MiB`
}
