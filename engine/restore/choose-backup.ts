import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { freeBytesOf, requireSpoolSpace } from '@/engine/parts/spool'
import { readTrustedManifest } from '@/engine/remote/read-manifest'
import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { requireDistinctDatabases, requireSelected } from './require-selected'
import type { ChosenBackup, IndexArtifact, RestorePlace, RestoreRun } from './restore-run'
import { neededParts, selectEntries } from './select-entries'

/**
 * Reads the manifest along the chain of trust, chooses artifacts, and makes sure before anything is written that every part is
 * there with its size, and that the target has room.
 */
export async function chooseBackup(run: RestoreRun, place: RestorePlace): Promise<ChosenBackup> {
  const { spec, context } = run
  run.meter.begin('fetch', spec.backup.folder)
  const manifest = await readTrustedManifest(place.store, spec.backup, spec.signingKeys)
  const artifacts = chosenArtifacts(run, manifest)
  requireSelected(spec.selection, artifacts)
  const chosen: ChosenBackup = {
    manifest,
    selected: new Map(),
    files: artifacts.filter((artifact) => artifact.kind === 'files'),
    config: artifacts.filter((artifact) => artifact.kind === 'config'),
    mongodb: artifacts.filter((artifact) => artifact.kind === 'mongodb'),
    indexes: indexesOf(manifest),
    sameInstance: manifest.instance.id === spec.instance.id,
  }
  requireIndexes(chosen)
  requireDistinctDatabases(chosen, spec.selection)
  const requireThere = await partsOnRemote(run, place)
  await requireSpoolSpace(context.spoolFolder, 2 * largestPart([...artifacts, ...chosen.indexes.values()]))
  await selectTrees(run, place, chosen)
  for (const artifact of [...chosen.files, ...chosen.config])
    requireThere(neededParts(artifact, chosen.selected.get(artifact.name)))
  for (const artifact of chosen.mongodb) requireThere(artifact.parts)
  await requireRoom(run, chosen)
  return chosen
}

function chosenArtifacts(run: RestoreRun, manifest: Manifest): ManifestArtifact[] {
  const { artifacts: names, target } = run.spec
  const content = manifest.artifacts.filter((artifact) => artifact.kind !== 'index')
  const unknown = names?.find((name) => !content.some((artifact) => artifact.name === name))
  if (unknown !== undefined)
    throw new Problem({
      code: 'artifact-unknown',
      text: `This backup has no artifact ${unknown}.`,
      action: `Choose from: ${content.map((artifact) => artifact.name).join(', ')}.`.slice(0, 2000),
      where: unknown,
    })
  const wanted = content.filter((artifact) => names === null || names.includes(artifact.name))
  if (target.mongodb) return wanted
  const database = wanted.find((artifact) => artifact.kind === 'mongodb')
  if (database && names !== null)
    throw new Problem({
      code: 'no-mongodb-target',
      text: `${database.name} was chosen, but no MongoDB server to restore it to.`,
      action: 'Name a MongoDB server for the restore, or choose other artifacts.',
      where: database.name,
    })
  return wanted.filter((artifact) => artifact.kind !== 'mongodb')
}

function indexesOf(manifest: Manifest): Map<string, IndexArtifact> {
  return new Map(manifest.artifacts.flatMap((artifact) => (artifact.kind === 'index' ? [[artifact.of, artifact]] : [])))
}

function requireIndexes(chosen: ChosenBackup): void {
  const without = [...chosen.files, ...chosen.config].find((artifact) => !chosen.indexes.has(artifact.name))
  if (without)
    throw new Problem({
      code: 'index-missing',
      text: `${without.name} has no index in the manifest, so that its restore could not be compared.`,
      action: 'Restore it by hand with tar; docs/remote-format.md says how.',
      where: without.name,
    })
}

/** Of what the selection narrows, finds the members that are wanted. */
async function selectTrees(run: RestoreRun, place: RestorePlace, chosen: ChosenBackup): Promise<void> {
  for (const artifact of [...chosen.files, ...chosen.config]) {
    const paths = run.spec.selection?.paths.filter((choice) => choice.artifact === artifact.name) ?? []
    const index = chosen.indexes.get(artifact.name)
    if (paths.length === 0 || !index) continue
    run.meter.begin('fetch', index.name, index.rawBytes)
    const wanted = paths.flatMap((choice) => choice.paths)
    chosen.selected.set(artifact.name, await selectEntries(run, place, artifact, index, wanted))
  }
}

/** Gives a check of parts that throws Problem `part-missing` or `part-altered`. */
async function partsOnRemote(
  run: RestoreRun,
  place: RestorePlace,
): Promise<(parts: ManifestArtifact['parts']) => void> {
  const folder = `${run.spec.backup.instance.slug}/${run.spec.backup.folder}`
  const found = new Map((await place.store.list(folder))?.map((entry) => [entry.name, entry.bytes]))
  return (parts) => {
    for (const part of parts) {
      const bytes = found.get(part.name)
      if (bytes === part.bytes || bytes === -1) continue
      throw new Problem({
        code: bytes === undefined ? 'part-missing' : 'part-altered',
        text:
          bytes === undefined
            ? `${part.name} is missing on the remote.`
            : `${part.name} has ${bytes} bytes on the remote; it was made with ${part.bytes}.`,
        action: 'Choose another backup, and let this one be checked. Nothing was changed.',
        where: `${folder}/${part.name}`,
      })
    }
  }
}

function largestPart(artifacts: ManifestArtifact[]): number {
  return artifacts.flatMap((artifact) => artifact.parts).reduce((most, part) => Math.max(most, part.bytes), 0)
}

async function requireRoom(run: RestoreRun, chosen: ChosenBackup): Promise<void> {
  const neededBytes = [...chosen.files, ...chosen.config].reduce(
    (sum, artifact) => sum + (chosen.selected.get(artifact.name)?.bytes ?? artifact.rawBytes),
    0,
  )
  const parent = await nearestFolder(dirname(run.spec.target.folder))
  const freeBytes = await freeBytesOf(parent)
  if (freeBytes >= neededBytes) return
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MiB`
  throw new Problem({
    code: 'target-full',
    text: `The restore needs ${mebibytes(neededBytes)}, but its disk has ${mebibytes(freeBytes)} free.`,
    action: 'Free some space there, or restore into a folder on another disk.',
    where: parent,
  })
}

async function nearestFolder(path: string): Promise<string> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  return exists || path === '/' ? path : nearestFolder(dirname(path))
}
