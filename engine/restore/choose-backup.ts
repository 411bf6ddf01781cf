import { dirname } from 'node:path'
import { freeBytesOf, requireSpoolSpace } from '@/engine/parts/spool'
import { readTrustedManifest } from '@/engine/remote/read-manifest'
import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { chosenArtifacts } from './chosen-artifacts'
import { nearestFolder } from './nearest-folder'
import { partsOnRemote } from './parts-on-remote'
import { requireDistinctDatabases, requireSelected } from './require-selected'
import type { ChosenBackup, IndexArtifact, RestorePlace, RestoreRun } from './restore-run'
import { neededParts, selectEntries } from './select-entries'

/**
 * Reads the manifest along the chain of trust, chooses artifacts, and makes sure before anything is written that every part is
 * there with its size.
 */
export async function chooseBackup(run: RestoreRun, place: RestorePlace): Promise<ChosenBackup> {
  const { spec, context } = run
  run.meter.begin('fetch', spec.backup.folder)
  const listing = partsOnRemote(place.store, spec.backup)
  listing.catch(() => {}) // awaited after the manifest, which says better what is wrong with a backup
  const manifest = await readTrustedManifest(place.store, spec.backup, spec.signingKeys)
  const artifacts = chosenArtifacts(spec, manifest)
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
  const requireThere = await listing
  await requireSpoolSpace(context.spoolFolder, 2 * largestPart([...artifacts, ...chosen.indexes.values()]))
  await selectTrees(run, place, chosen)
  for (const artifact of [...chosen.files, ...chosen.config])
    requireThere(neededParts(artifact, chosen.selected.get(artifact.name)))
  for (const artifact of chosen.mongodb) requireThere(artifact.parts)
  return chosen
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

export function largestPart(artifacts: ManifestArtifact[]): number {
  return artifacts.flatMap((artifact) => artifact.parts).reduce((most, part) => Math.max(most, part.bytes), 0)
}

/** Throws Problem `target-full` when the files do not fit where a restore beside puts them. */
export async function requireRoomBeside(run: RestoreRun, chosen: ChosenBackup): Promise<void> {
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
