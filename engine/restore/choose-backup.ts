import { dirname } from 'node:path'
import { stat } from 'node:fs/promises'
import { freeBytesOf, requireSpoolSpace } from '@/engine/parts/spool'
import { readTrustedManifest } from '@/engine/remote/read-manifest'
import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { ChosenBackup, IndexArtifact, RestorePlace, RestoreRun } from './restore-run'

/**
 * Reads the manifest along the chain of trust, chooses artifacts, and makes sure before anything is written that every part is
 * there with its size, and that the target has room.
 */
export async function chooseBackup(run: RestoreRun, place: RestorePlace): Promise<ChosenBackup> {
  const { spec, context } = run
  run.meter.begin('fetch', spec.backup.folder)
  const manifest = await readTrustedManifest(place.store, spec.backup, spec.signingKeys)
  const artifacts = chosenArtifacts(run, manifest)
  const chosen: ChosenBackup = {
    manifest,
    files: artifacts.filter((artifact) => artifact.kind === 'files'),
    config: artifacts.filter((artifact) => artifact.kind === 'config'),
    mongodb: artifacts.filter((artifact) => artifact.kind === 'mongodb'),
    indexes: indexesOf(manifest),
    sameInstance: manifest.instance.id === spec.instance.id,
  }
  requireIndexes(chosen)
  requireDistinctDatabases(chosen)
  await requireParts(run, place, artifacts)
  await requireSpoolSpace(context.spoolFolder, 2 * largestPart(artifacts))
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

/** Two archives that hold a database of the same name would be restored into one. */
function requireDistinctDatabases(chosen: ChosenBackup): void {
  const owners = new Map<string, string>()
  for (const artifact of chosen.mongodb)
    for (const { database } of artifact.namespaces) {
      const owner = owners.get(database)
      if (owner !== undefined && owner !== artifact.name)
        throw new Problem({
          code: 'databases-collide',
          text: `${owner} and ${artifact.name} both hold a database named ${database}.`,
          action: 'Restore them one after the other, each with a prefix of its own.',
          where: database,
        })
      owners.set(database, artifact.name)
    }
}

async function requireParts(run: RestoreRun, place: RestorePlace, artifacts: ManifestArtifact[]): Promise<void> {
  const folder = `${run.spec.backup.instance.slug}/${run.spec.backup.folder}`
  const found = new Map((await place.store.list(folder))?.map((entry) => [entry.name, entry.bytes]))
  for (const part of artifacts.flatMap((artifact) => artifact.parts)) {
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

function largestPart(artifacts: ManifestArtifact[]): number {
  return artifacts.flatMap((artifact) => artifact.parts).reduce((most, part) => Math.max(most, part.bytes), 0)
}

async function requireRoom(run: RestoreRun, chosen: ChosenBackup): Promise<void> {
  const neededBytes = [...chosen.files, ...chosen.config].reduce((sum, artifact) => sum + artifact.rawBytes, 0)
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
